import { randomBytes } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CometAPI } from '../../client';
import type { ClientOptions } from '../../config/options';
import type { CallFacts } from '../../facts/call-facts';
import type { Redactor } from '../../facts/redaction/redactor';
import type { ResponseShape } from '../../facts/shape';
import type { ConfiguredSettings } from '../../records/contract-ledger/service-usage';
import { type CheckedFamily, HARMLESS_PROMPT, routeOfFamily } from '../../records/shared/minimal-request';
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
  /** `own` is the operator's key, `invalid` a placeholder generated for this run. `none` sends no credential. */
  readonly credential: 'own' | 'invalid' | 'none';
}

/** The result of one controlled request. */
export interface CheckedCall {
  readonly facts: CallFacts;
  /** Absent if there was no response. */
  readonly shape?: ResponseShape | undefined;
}

/** Labels of a check in record lines and records. */
export type CheckLabels = Pick<ClientOptions, 'runId' | 'workflow' | 'environment'>;

export interface CheckSession {
  /** Recognizes the key and the canaries of this run. */
  readonly redactor: Redactor;
  /** A harmless prompt that contains a canary. */
  readonly prompt: string;
  readonly configured: ConfiguredSettings;
  /**
   * Sends one request without retries, then searches every sink for secrets.
   *
   * @throws LeakFoundError if a sink contains a canary or the key; send no further request
   */
  send(request: CheckRequest): Promise<CheckedCall>;
  /** Returns the record lines of the requests. */
  lines(): Promise<readonly string[]>;
  close(): Promise<void>;
}

/** A minimal request that takes longer has failed. A timeout configured by the operator wins. */
const TIMEOUT_MS = 60_000;

/**
 * Opens a check session. Retries are off, the prompt and the invalid credential contain canaries, and every sink is
 * searched for them.
 *
 * @throws CometAPIError that names each configuration error
 */
export async function openCheckSession(target: CheckTarget, labels: CheckLabels): Promise<CheckSession> {
  const canary = `canary-${randomBytes(12).toString('hex')}`;
  const invalidKey = `invalid-credential-${randomBytes(12).toString('hex')}`;
  const redactor = target.redactor.with([target.apiKey, canary, invalidKey]);
  const watch = new SinkWatch(redactor);
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
      redactor,
      prompt: `${HARMLESS_PROMPT} ${canary}`,
      configured: { maxAttempts: configured.maxRetries + 1, headerTimeoutMs: configured.timeout },
      async send(request) {
        const result = await sendOnce(clients[request.credential], request, closed, redactor);
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
  redactor: Redactor,
): Promise<CheckedCall> {
  const facts = closed.next();
  let shape: ResponseShape | undefined;
  try {
    const response = await client.fetch(`${client.baseURL}${routeOfFamily(family).replace('/v1', '')}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json', 'x-request-id': requestId },
      body: JSON.stringify(body),
    });
    shape = await readShape(response, redactor);
  } catch {
    // The facts of the call already contain the failure. The error itself may quote content, so it is not read.
    closed.giveUp();
  }
  return { facts: await facts, shape };
}

/** Passes on the facts of sequential calls, one at a time. */
class ClosedCalls {
  #waiting = Promise.withResolvers<CallFacts>();

  next(): Promise<CallFacts> {
    this.#waiting = Promise.withResolvers();
    return this.#waiting.promise;
  }

  add(facts: CallFacts): void {
    this.#waiting.resolve(facts);
  }

  /** Rejects the current wait. A request that fails before its call starts has no facts and never resolves it. */
  giveUp(): void {
    this.#waiting.reject(new Error('The controlled request was not sent.'));
  }
}

/** A `fetch` that removes the credential, because the client always sends one. */
function withoutCredential(input: string | URL | Request, init?: RequestInit): Promise<Response> {
  const headers = new Headers(init?.headers ?? (input instanceof Request ? input.headers : undefined));
  headers.delete('authorization');
  headers.delete('x-api-key');
  return fetch(input, { ...init, headers });
}

function watchedLogger(report: (text: string) => void): NonNullable<ClientOptions['logger']> {
  const log = (...of: readonly unknown[]): void => report(textWithin(of));
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
