import { createApiKey, createRequestId } from './bodies/identifiers';
import { type HttpServer, startHttpServer } from './drivers/http-driver';
import { createMemoryFetch } from './drivers/memory-driver';
import { type Behavior, type Exchange, familyOf, isBillable } from './exchange';
import type { Receiver, Reception } from './reception';
import { type IncomingRequest, type OpenRequest, type RecordedRequest, recordRequest } from './recorded-request';
import { playOf, type Scenario } from './scenarios/scenario';
import { scenario as scenarios } from './scenarios/scenarios';
import { type BehaviorOptions, resolveSettings } from './simulator-options';
import { createWaiters } from './waiters';

/** Options of {@link createSimulator}. */
export interface SimulatorOptions extends BehaviorOptions {
  /** The scenario that answers requests. @default scenario.ok() */
  readonly scenario?: Scenario;
}

/**
 * A simulated CometAPI for tests, in memory and on real sockets.
 *
 * It uses no model, and its answers are synthetic. It needs no API key and no network.
 */
export interface Simulator {
  /** The API key that the simulator accepts. It is generated for each simulator. */
  readonly apiKey: string;
  /**
   * The base URL to configure. After `listen()` it is that of the HTTP server. Before, it is the default base URL of
   * CometAPI, for use with {@link fetch}.
   */
  readonly baseURL: string;
  /** A `fetch` that the simulator answers in memory, for every host. No request leaves the process. */
  readonly fetch: typeof globalThis.fetch;
  /**
   * Number of requests that CometAPI would bill: every received POST to `/v1/chat/completions`, `/v1/responses` or
   * `/v1/messages`. A retried request counts twice.
   */
  readonly bills: number;
  /** The received requests, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Number of open sockets and of unfinished answers in memory. */
  readonly openConnections: number;
  /**
   * Starts an HTTP server on 127.0.0.1.
   *
   * @param options `port` is the TCP port. By default, or with 0, a free port is selected.
   * @throws Error if the simulator is already listening or closed, or with code `EADDRINUSE` if the port is taken
   */
  listen(options?: { readonly port?: number }): Promise<Listening>;
  /** Replaces the scenario for later requests. Requests that are being answered are not affected. */
  use(scenario: Scenario): void;
  /**
   * Waits until `condition` returns true for the received requests. It is checked after every change.
   *
   * @param options `timeoutMs` is the maximum wait, in milliseconds. The default is 5,000.
   * @throws Error after `timeoutMs`, or when the simulator is closed
   * @throws the error of `condition`, if it throws
   */
  waitFor(
    condition: (requests: readonly RecordedRequest[]) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<void>;
  /** Clears requests, bills and response ids, and restores the initial scenario. Unfinished answers continue. */
  reset(): void;
  /** Closes the server, every socket and every wait immediately. A closed simulator cannot be used again. */
  close(): Promise<void>;
}

/** A running HTTP server. */
export interface Listening {
  /** Base URL of the server, for example `http://127.0.0.1:49152/v1`. */
  readonly baseURL: string;
  /** TCP port of the server. */
  readonly port: number;
  /** Closes this server. You can call `listen()` again. */
  close(): Promise<void>;
}

const MEMORY_BASE_URL = 'https://api.cometapi.com/v1';

/**
 * Creates a simulator. It does not listen until you call `listen()`.
 *
 * @example
 * const simulator = createSimulator({ scenario: scenario.fail(503).then(scenario.ok) });
 * const client = new CometAPI({ apiKey: simulator.apiKey, fetch: simulator.fetch });
 */
export function createSimulator(options: SimulatorOptions = {}): Simulator {
  const settings = resolveSettings(options);
  const apiKey = createApiKey();
  const keys: ReadonlySet<string> = new Set([apiKey, ...settings.apiKeys]);
  const responseIds = new Set<string>();
  const requests: OpenRequest[] = [];
  const openOnSockets = new Set<AbortController>();
  const openInMemory = new Set<AbortController>();
  const waiters = createWaiters(() => requests);
  let bills = 0;
  let player = playerOf(options.scenario ?? scenarios.ok());
  let server: HttpServer | undefined;
  let isListening = false;
  let isClosed = false;

  /** Selects the behavior for a request. Records nothing yet, because the connection may fail to open. */
  function decide(incoming: IncomingRequest): {
    readonly exchange: Exchange;
    readonly record: OpenRequest;
    readonly behavior: Behavior;
  } {
    const pathname = incoming.path.split('?', 1)[0] ?? '';
    const record = recordRequest(incoming, createRequestId(Date.now()));
    const fields = objectOf(record.json);
    const exchange: Exchange = {
      request: record,
      family: familyOf(pathname),
      pathname,
      fields,
      stream: fields['stream'] === true,
      tooLarge: incoming.tooLarge,
      settings,
      keys,
      responseIds,
    };
    return { exchange, record, behavior: player.next(exchange) };
  }

  function admit({ exchange, record, behavior }: ReturnType<typeof decide>, open: Set<AbortController>): Reception {
    const stop = new AbortController();
    requests.push(record);
    bills += isBillable(record.method, exchange.pathname) ? 1 : 0;
    open.add(stop);
    waiters.check();
    return {
      steps: behavior.steps(exchange),
      stop: stop.signal,
      settle(outcome) {
        if (open.delete(stop)) {
          record.finished = outcome === 'finished';
          if (outcome === 'closed_by_client') {
            record.closedByClient = true;
            stop.abort();
          }
          waiters.check();
        }
      },
    };
  }

  const receiver: Receiver = {
    fromSocket: (incoming) => admit(decide(incoming), openOnSockets),
    fromMemory(incoming) {
      if (isClosed) {
        return { unreachable: 'ECONNREFUSED' };
      }
      const decided = decide(incoming);
      const { unreachable } = decided.behavior;
      return unreachable === undefined ? admit(decided, openInMemory) : { unreachable };
    },
  };

  async function closeServer(): Promise<void> {
    const closing = server;
    server = undefined;
    isListening = false;
    breakOff(openOnSockets);
    await closing?.close();
  }

  return {
    apiKey,
    get baseURL() {
      return server === undefined ? MEMORY_BASE_URL : `${server.origin}/v1`;
    },
    fetch: createMemoryFetch(receiver, settings),
    get bills() {
      return bills;
    },
    requests,
    get openConnections() {
      return (server?.openSockets ?? 0) + openInMemory.size;
    },
    async listen({ port = 0 } = {}) {
      if (isClosed || isListening) {
        throw new Error(
          isClosed
            ? 'The simulator is closed. Create another one.'
            : 'The simulator is already listening. Close the running server first.',
        );
      }
      isListening = true;
      try {
        server = await startHttpServer(receiver, settings, port);
      } catch (error) {
        isListening = false;
        throw error;
      }
      if (isClosed) {
        await closeServer();
        throw new Error('The simulator is closed. Create another one.');
      }
      const { origin, port: actualPort } = server;
      return { baseURL: `${origin}/v1`, port: actualPort, close: closeServer };
    },
    use(next) {
      player = playerOf(next);
    },
    waitFor: (condition, { timeoutMs = 5_000 } = {}) => waiters.add(condition, timeoutMs),
    reset() {
      requests.length = 0;
      bills = 0;
      responseIds.clear();
      player = playerOf(options.scenario ?? scenarios.ok());
    },
    async close() {
      isClosed = true;
      breakOff(openInMemory);
      waiters.close();
      await closeServer();
    },
  };
}

/** Creates a player. When the scenario is used up, `ok()` follows. */
function playerOf(scenario: Scenario): { next(exchange: Exchange): Behavior } {
  const first = playOf(scenario)(true);
  const fallback = playOf(scenarios.ok())(true);
  return {
    next(exchange) {
      const behavior = first.next(exchange) ?? fallback.next(exchange);
      if (behavior === undefined) {
        throw new Error('Invariant violated: ok() is never used up.');
      }
      return behavior;
    },
  };
}

/** Aborts unfinished answers. */
function breakOff(open: Set<AbortController>): void {
  const stops = [...open];
  // Cleared first: these aborts must count neither as closed by the client nor as finished.
  open.clear();
  for (const stop of stops) {
    stop.abort();
  }
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  // A JSON object that is not an array has this type.
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}
