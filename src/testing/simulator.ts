import { type Behavior, type Exchange, familyOf, isBillable } from './exchange';
import { type HttpServer, startHttpServer } from './http-driver';
import { createApiKey, createRequestId } from './identifiers';
import { createMemoryFetch } from './memory-driver';
import type { Receiver, Reception } from './reception';
import { type IncomingRequest, type OpenRequest, type RecordedRequest, recordRequest } from './recorded-request';
import { playOf, type Scenario } from './scenario';
import { scenario as scenarios } from './scenarios';
import { resolveSettings, type SimulatorOptions } from './simulator-options';
import { createWaiters } from './waiters';

/** A simulated CometAPI for tests, in memory and on real sockets. */
export interface Simulator {
  /** The key it accepts; new for each simulator. */
  readonly apiKey: string;
  /** The base URL to configure: the server's after `listen()`, before that the default one, which `fetch` serves in memory. */
  readonly baseURL: string;
  /** A `fetch` that never leaves the process. Every URL is answered by the simulator, whatever its host. */
  readonly fetch: typeof globalThis.fetch;
  /** POSTs received on endpoints that bill: two POSTs, two bills. */
  readonly bills: number;
  /** Requests received, in order. */
  readonly requests: readonly RecordedRequest[];
  /** Sockets open now, and answers in memory that are not over. */
  readonly openConnections: number;
  /** Starts the HTTP server on 127.0.0.1. @throws Error when it listens already or is closed */
  listen(options?: { readonly port?: number }): Promise<Listening>;
  /** Replaces the scenario, from the next request on. */
  use(scenario: Scenario): void;
  /**
   * Resolves when `condition` holds for the requests; it is asked after every change.
   *
   * @throws Error after `timeoutMs` (default 5,000), and when the simulator is closed
   */
  waitFor(
    condition: (requests: readonly RecordedRequest[]) => boolean,
    options?: { readonly timeoutMs?: number },
  ): Promise<void>;
  /** Forgets requests, bills and given-out ids and returns to the scenario it was made with. Open answers go on. */
  reset(): void;
  /** Ends the server, every socket and every wait at once. It stays closed. */
  close(): Promise<void>;
}

/** A running HTTP server. */
export interface Listening {
  readonly baseURL: string;
  readonly port: number;
  /** Ends this server; `listen()` can be called again. */
  close(): Promise<void>;
}

const MEMORY_BASE_URL = 'https://api.cometapi.com/v1';

/** Makes a simulator. Nothing listens until `listen()` is called. */
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

  /** What is to be done with a request. Nothing is recorded yet: the connection may never come about. */
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
        throw new Error(isClosed ? 'The simulator is closed.' : 'The simulator listens already.');
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
        throw new Error('The simulator is closed.');
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

/** A scenario that is used up is followed by `ok()`. */
function playerOf(scenario: Scenario): { next(exchange: Exchange): Behavior } {
  const first = playOf(scenario)(true);
  const fallback = playOf(scenarios.ok())(true);
  return {
    next(exchange) {
      const behavior = first.next(exchange) ?? fallback.next(exchange);
      if (behavior === undefined) {
        throw new Error('ok() alone is never used up');
      }
      return behavior;
    },
  };
}

/** Ends answers that are not over. */
function breakOff(open: Set<AbortController>): void {
  const stops = [...open];
  // Forgotten first: what follows is neither the client's doing nor the end of an answer.
  open.clear();
  for (const stop of stops) {
    stop.abort();
  }
}

function objectOf(json: unknown): Readonly<Record<string, unknown>> {
  // A JSON object that is no array is exactly this.
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Record<string, unknown>) : {};
}
