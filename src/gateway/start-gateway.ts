import type { GatewayOptions } from './gateway-options';
import { isLoopbackHost } from './local-access';
import { type OpenGateway, openGateway } from './open-gateway';
import { createGatewayServer, type GatewayServer } from './server/gateway-server';
import { listenOnLoopback } from './server/listen-on-loopback';

/** Options of {@link startGateway}. */
export interface StartGatewayOptions extends GatewayOptions {
  /** TCP port to listen on. 0 selects a free port. @default 8787 */
  readonly port?: number | undefined;
  /**
   * Loopback address to listen on. For `127.0.0.1`, `::1` and `localhost`, the gateway listens on IPv4 and IPv6.
   *
   * @default '127.0.0.1'
   */
  readonly host?: string | undefined;
}

/** A local gateway that is listening. */
export interface RunningGateway {
  /** Base URL for OpenAI-compatible agents: `http://127.0.0.1:PORT/v1`. Anthropic clients use it without `/v1`. */
  readonly baseURL: string;
  /** The TCP port it listens on. */
  readonly port: number;
  /** The addresses it listens on. */
  readonly addresses: readonly string[];
  /** Number of requests that are not yet fully answered. */
  readonly openRequests: number;
  /** Ids of the runs so far, in the order of their first call. */
  readonly runIds: OpenGateway['runIds'];
  /**
   * Returns the run card and the usage trace of a run, or `undefined` if the run has no call. Also appends each of them
   * to the record file if it fits in one record line; a trace of about 80 calls still fits.
   *
   * @throws CometAPIError that names the fields if they contain an active secret; nothing is written
   */
  recordRun: OpenGateway['recordRun'];
  /**
   * Stops accepting requests, waits up to `drainMs` milliseconds (default 5,000) for open ones, then aborts them.
   * Later calls wait for the first one and ignore their options.
   */
  close(options?: { readonly drainMs?: number }): Promise<void>;
}

const DEFAULT_PORT = 8_787;
const DEFAULT_HOST = '127.0.0.1';
const DRAIN_MS = 5_000;

/**
 * Starts a local gateway for coding agents. It listens on loopback addresses only.
 *
 * @throws CometAPIError or TypeError that names each invalid option
 * @throws Error with the system's code (`EADDRINUSE`, …) if it cannot listen on the port
 */
export async function startGateway(options: StartGatewayOptions): Promise<RunningGateway> {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, ...gatewayOptions } = options;
  if (!isLoopbackHost(host)) {
    throw new TypeError('The local gateway listens on loopback only. Set host to 127.0.0.1, ::1 or localhost.');
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
