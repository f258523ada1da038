import type { AnswerOptions } from './answer';
import { answerSteps } from './answer-steps';
import { type FailureBody, failureAnswer, type RequestIdPlace } from './error-body';
import type { Behavior, Exchange, Family } from './exchange';
import { cutAt, dripped, type FaultLimits, type FaultPlace, resetAt, stallAt } from './faults';
import { byFamily, type Scenario, sequence, single } from './scenario';
import type { HeaderPairs, Steps } from './step';

/** Choices of `scenario.fail()`. */
export interface FailOptions {
  /** `error.code`. @default '' ('invalid_request' for 400) */
  readonly code?: string;
  /** The message, without the request id. */
  readonly message?: string;
  /** `error.type`. @default 'comet_api_error' */
  readonly type?: string;
  /** `retry-after` exactly as given: seconds, a date, garbage; several make several header lines. */
  readonly retryAfter?: string | number | readonly (string | number)[];
  /** `retry-after-ms` exactly as given. */
  readonly retryAfterMs?: string | number;
  /** The kind of body. @default 'html' for 504 and 520 to 524, else 'json' */
  readonly body?: FailureBody;
  /** Where the request id is; `header` is `x-request-id`. @default as the simulator is set */
  readonly requestId?: RequestIdPlace;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>> | HeaderPairs;
}

const okBehavior: Behavior = { steps: (exchange) => answerSteps(exchange, {}) };

function answering(steps: (exchange: Exchange) => Steps): Scenario {
  return single({ steps });
}

/** A fault strikes this answer. */
function plain(exchange: Exchange): Steps {
  return answerSteps(exchange, {});
}

/** Answers as the contract documents. */
function ok(options: AnswerOptions = {}): Scenario {
  return answering((exchange) => answerSteps(exchange, options));
}

/** Fails with `status`. */
function fail(status: number, options: FailOptions = {}): Scenario {
  const isProxyPage = status === 504 || (status >= 520 && status <= 524);
  const message =
    options.message ??
    (options.code === 'model_not_found' ? 'simulated: no available channel for this model' : `simulated: failure ${status}`);
  const failure = { status, message, code: options.code, type: options.type, requestId: options.requestId };
  return answering((exchange) =>
    failureAnswer(exchange, failure, options.body ?? (isProxyPage ? 'html' : 'json'), failHeaders(options)),
  );
}

function failHeaders(options: FailOptions): HeaderPairs {
  const { retryAfter = [], retryAfterMs, headers = [] } = options;
  const waits = typeof retryAfter === 'object' ? retryAfter : [retryAfter];
  return [
    ...waits.map((value) => ['retry-after', String(value)] as const),
    ...(retryAfterMs === undefined ? [] : [['retry-after-ms', String(retryAfterMs)] as const]),
    ...headerPairs(headers),
  ];
}

function headerPairs(headers: Readonly<Record<string, string>> | HeaderPairs): HeaderPairs {
  // An array is the pairs already; `isArray` does not narrow a readonly one.
  return Array.isArray(headers) ? (headers as HeaderPairs) : Object.entries(headers);
}

/** Resets the connection (RST). */
function reset(options: { readonly at?: FaultPlace } & FaultLimits = {}): Scenario {
  return answering((exchange) => resetAt(plain(exchange), options.at ?? 'before', options));
}

/** Closes the connection (FIN) before the body is over. */
function cut(options: { readonly at?: FaultPlace } & FaultLimits = {}): Scenario {
  return answering((exchange) => cutAt(plain(exchange), options.at ?? 'mid_stream', options));
}

/** Stays open and says nothing more. */
function stall(
  options: { readonly at?: FaultPlace; readonly commentsOnly?: boolean; readonly commentEveryMs?: number } & FaultLimits = {},
): Scenario {
  const commentEveryMs = options.commentsOnly === true ? (options.commentEveryMs ?? 50) : undefined;
  return answering((exchange) => stallAt(plain(exchange), options.at ?? 'before', options, commentEveryMs));
}

/** Sends the body in small writes. */
function drip(options: { readonly bytesPerWrite?: number; readonly delayMs?: number } = {}): Scenario {
  return answering((exchange) => dripped(plain(exchange), options.bytesPerWrite ?? 1, options.delayMs ?? 1));
}

/** Waits before the first byte. */
function slowFirstByte(latencyMs: number): Scenario {
  return ok({ latencyMs });
}

/** The named scenarios. */
export const scenario = {
  ok,
  fail,
  reset,
  cut,
  stall,
  drip,
  slowFirstByte,
  sequence,
  /** `first`, `second`, `first`, … */
  alternate: (first: Scenario, second: Scenario): Scenario => sequence(first.times(1), second.times(1)).forever(),
  /** One scenario a family; the others get `ok()`. */
  byFamily: (scenarios: Readonly<Partial<Record<Family, Scenario>>>): Scenario => byFamily(scenarios, okBehavior),
} as const;
