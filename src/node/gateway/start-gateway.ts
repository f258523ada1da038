import type { GatewayOptions } from './gateway-options';
import { createGatewayServer, type GatewayServer } from './gateway-server';
import { listenOnLoopback } from './listen-on-loopback';
import { isLoopbackHost } from './local-access';
import { type OpenGateway, openGateway } from './open-gateway';

/** Options of {@link startGateway}. */
export interface StartGatewayOptions extends GatewayOptions {
  /** 0 takes a free one. @default 8787 */
  readonly port?: number | undefined;
  /** Loopback addresses only; for 127.0.0.1, ::1 and localhost both families are bound. @default '127.0.0.1' */
  readonly host?: string | undefined;
}

/** A gateway that listens. */
export interface RunningGateway {
  /** What agents take as base URL: `http://127.0.0.1:PORT/v1`. */
  readonly baseURL: string;
  readonly port: number;
  /** Addresses that are bound. */
  readonly addresses: readonly string[];
  /** Requests that are being answered. */
  readonly openRequests: number;
  /** Runs that were seen, in the order of their first request. */
  readonly runIds: OpenGateway['runIds'];
  /**
   * The card and the usage trace of a run, also appended to the record file where they fit into one of its lines (some
   * 80 calls do); `undefined` when it had no call.
   *
   * @throws CometAPIError naming the fields when a live secret was found in them; nothing is written then
   */
  recordRun: OpenGateway['recordRun'];
  /**
   * Stops accepting at once, lets open requests end for up to `drainMs` (default 5,000), and then breaks them off.
   * A second call waits for the first.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

const DEFAULT_PORT = 8_787;
const DEFAULT_HOST = '127.0.0.1';
const DRAIN_MS = 5_000;

/**
 * Starts a gateway on this machine's loopback addresses.
 *
 * @throws CometAPIError or TypeError naming the options that do not fit; the system's error when the port is taken
 */
export async function startGateway(options: StartGatewayOptions): Promise<RunningGateway> {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, ...gatewayOptions } = options;
  if (!isLoopbackHost(host)) {
    throw new TypeError('The gateway listens on loopback only: host must be 127.0.0.1, ::1 or localhost.');
  }
  const gateway = openGateway(gatewayOptions);
  const {
    servers,
    port: boundPort,
    addresses,
  } = await listenOnLoopback(host, port, () => createGatewayServer(gateway));
  let closing: Promise<void> | undefined;
  return {
    baseURL: `http://${urlHost(addresses[0] ?? DEFAULT_HOST)}:${boundPort}/v1`,
    port: boundPort,
    addresses,
    get openRequests() {
      return servers.reduce((sum, server) => sum + server.openRequests, 0);
    },
    get runIds() {
      return gateway.runIds;
    },
    recordRun: gateway.recordRun,
    close({ drainMs = DRAIN_MS } = {}) {
      closing ??= closeAll(servers, drainMs);
      return closing;
    },
  };
}

async function closeAll(servers: readonly GatewayServer[], drainMs: number): Promise<void> {
  await Promise.all(servers.map((server) => server.close(drainMs)));
}

function urlHost(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
