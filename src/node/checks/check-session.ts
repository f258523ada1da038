import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CallFacts, type ClientOptions, CometAPI } from 'cometapi-otel';
import type { SecretGuard } from '../../facts/secret-guard';
import type { ResponseShape } from '../../facts/shape';
import { type CheckedFamily, HARMLESS_PROMPT, ROUTE_OF } from '../../records/minimal-request';
import type { ConfiguredSettings } from '../../records/service-usage';
import { readShape } from '../../wire/shape';
import type { CheckTarget } from './check-target';
import { type SinkName, SinkWatch } from './sink-watch';
import { textWithin } from './text-within';
import { watchOutput } from './watch-output';
import { watchedMeterProvider, watchedTracerProvider, watchProviders } from './watched-telemetry';

/** One controlled request. */
export interface CheckRequest {
  readonly family: CheckedFamily;
  readonly body: Readonly<Record<string, unknown>>;
  readonly requestId: string;
  /** `invalid` is a placeholder made for this run; `none` sends no credential at all. */
  readonly credential: 'own' | 'invalid' | 'none';
}

/** What came of it. */
export interface CheckedCall {
  readonly facts: CallFacts;
  /** Absent when no response came. */
  readonly shape?: ResponseShape | undefined;
}

/** What lines and records say of the work a check belongs to. */
export type CheckLabels = Pick<ClientOptions, 'runId' | 'workflow' | 'environment'>;

export interface CheckSession {
  /** Knows the key and the canaries of this run. */
  readonly guard: SecretGuard;
  /** A harmless prompt with a canary in it. */
  readonly prompt: string;
  readonly configured: ConfiguredSettings;
  /**
   * Sends one request, once, and then looks at every sink.
   *
   * @throws LeakFoundError when a canary was seen: no further request may be sent
   */
  send(request: CheckRequest): Promise<CheckedCall>;
  /** The record lines of the requests, as a record file holds them. */
  lines(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A minimal request that takes longer has failed; what the operator has configured himself wins. */
const TIMEOUT_MS = 60_000;

/**
 * Opens a session of checks: retries off, canaries in the prompt and in the invalid credential, every sink watched.
 *
 * @throws CometAPIError naming what is wrong with the configuration
 */
export async function openCheckSession(target: CheckTarget, labels: CheckLabels): Promise<CheckSession> {
  const canary = `canary-${randomBytes(12).toString('hex')}`;
  const invalidKey = `invalid-credential-${randomBytes(12).toString('hex')}`;
  const guard = target.guard.with([target.apiKey, canary, invalidKey]);
  const watch = new SinkWatch(guard);
  const folder = await mkdtemp(join(tmpdir(), 'cometapi-otel-check-'));
  const recordFile = join(folder, 'records.jsonl');
  const closed = new ClosedCalls();
  const sees = (sink: SinkName, text: string): boolean => watch.sees(sink, text);
  const restoreOutput = watchOutput(sees);
  const restoreProviders = watchProviders(sees);
  const close = async (): Promise<void> => {
    restoreProviders();
    restoreOutput();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const configured = new CometAPI({
      apiKey: target.apiKey,
      baseURL: target.baseURL,
      ...labels,
      recordFile,
      logLevel: 'debug',
      logger: watchedLogger((text) => watch.sees('log_lines', text)),
      observers: [{ callClosed: (facts) => closed.add(facts) }],
      telemetry: {
        tracerProvider: watchedTracerProvider(sees),
        meterProvider: watchedMeterProvider(sees),
      },
    });
    const client = configured.withOptions({
      maxRetries: 0,
      ...(target.hasOwnTimeout ? {} : { timeout: TIMEOUT_MS }),
    });
    const clients = {
      own: client,
      invalid: client.withOptions({ apiKey: invalidKey }),
      none: client.withOptions({ fetch: withoutCredential }),
    };
    return {
      guard,
      prompt: `${HARMLESS_PROMPT} ${canary}`,
      configured: { maxAttempts: configured.maxRetries + 1, headerTimeoutMs: configured.timeout },
      async send(request) {
        const result = await sendOnce(clients[request.credential], request, closed, guard);
        await watchFiles(folder, watch);
        watch.check();
        return result;
      },
      lines: () => linesOf(recordFile),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function sendOnce(
  client: CometAPI,
  { family, body, requestId }: CheckRequest,
  closed: ClosedCalls,
  guard: SecretGuard,
): Promise<CheckedCall> {
  const facts = closed.next();
  let shape: ResponseShape | undefined;
  try {
    const response = await client.fetch(`${client.baseURL}${ROUTE_OF[family].replace('/v1', '')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-request-id': requestId },
      body: JSON.stringify(body),
    });
    shape = await readShape(response, guard);
  } catch {
    // What happened is told by the facts of the call, which are there by now; a foreign error is not looked at.
    closed.giveUp();
  }
  return { facts: await facts, shape };
}

/** The facts of calls that follow one another. */
class ClosedCalls {
  #waiting = Promise.withResolvers<CallFacts>();

  next(): Promise<CallFacts> {
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  add(facts: CallFacts): void {
    this.#waiting.resolve(facts);
  }

  /** A request that failed without a call would be waited for without end. */
  giveUp(): void {
    this.#waiting.reject(new Error('A controlled request was not sent.'));
  }
}

/** No client of ours sends a request without a key by itself. */
function withoutCredential(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.delete('authorization');
  headers.delete('x-api-key');
  return fetch(input, { ...init, headers });
}

function watchedLogger(tell: (text: string) => void): NonNullable<ClientOptions['logger']> {
  const log = (...of: readonly unknown[]): void => tell(textWithin(of));
  return { error: log, warn: log, info: log, debug: log };
}

async function watchFiles(folder: string, watch: SinkWatch): Promise<void> {
  for (const name of await readdir(folder)) {
    const text = await readFile(join(folder, name), 'utf8');
    watch.sees(name === 'records.jsonl' ? 'record_lines' : 'files', text);
  }
}

async function linesOf(path: string): Promise<readonly string[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}
