import type { CallFacts } from '../facts/call-facts';
import type { Redactor } from '../facts/redaction/redactor';
import { APIError, type APIErrorDetails } from './api-error';
import { APIConnectionError, APIConnectionTimeoutError, APIUserAbortError } from './connection-errors';
import { errorMessage } from './error-message';
import { RedirectError, StreamIdleError, StreamTruncatedError, UnexpectedResponseError } from './response-errors';
import { safeCause } from './safe-cause';
import { statusErrorClass } from './status-errors';

/** Error details of the server, validated and redacted. */
export interface ServerValues {
  readonly code?: string;
  readonly type?: string;
  readonly param?: string;
  readonly serverMessage: string;
}

export interface ErrorParts {
  readonly facts: CallFacts;
  readonly server?: ServerValues | undefined;
  /** All response headers. The error keeps only a few of them. */
  readonly headers?: Iterable<[string, string]> | undefined;
  /** The caller's abort reason. */
  readonly reason?: unknown;
  readonly redactor: Redactor;
}

/** Creates the error for a call that ended without a usable response. */
export function createError({ facts, server, headers, reason, redactor }: ErrorParts): APIError {
  const details: APIErrorDetails = {
    message: errorMessage(facts, server !== undefined && server.serverMessage !== ''),
    facts,
    retryable: isRetryable(facts),
    headers: keptHeaders(headers, facts, redactor),
    ...server,
  };
  switch (facts.endingReason) {
    case 'http_status':
      return new (statusErrorClass(facts.status ?? 0))(details);
    case 'redirect':
      return new RedirectError(details);
    case 'caller_abort':
      return new APIUserAbortError({ facts, cause: safeCause(reason, redactor) });
    case 'header_timeout':
    case 'body_timeout':
    case 'deadline':
    case 'queue_deadline':
    case 'max_stream_duration':
      return new APIConnectionTimeoutError(details);
    case 'connection':
      return facts.errorType === 'timeout' ? new APIConnectionTimeoutError(details) : new APIConnectionError(details);
    case 'body_error':
      return new APIConnectionError(details);
    case 'stream_truncated':
      return new StreamTruncatedError(details);
    case 'stream_idle_timeout':
      return new StreamIdleError(details);
    case 'unexpected_response':
    case 'response_too_large':
      return new UnexpectedResponseError(details);
    default:
      // An error event in a stream, a response with status `failed`, or an abandoned call.
      return new APIError({ ...details, status: undefined });
  }
}

/** Limits that ended the retries of a temporary failure. */
const RETRYABLE_DECISIONS: ReadonlySet<CallFacts['attempts'][number]['because']> = new Set([
  'attempts_exhausted',
  'retry_after_exceeds_budget',
  'deadline_would_pass',
  'retry_budget_empty',
  'safe_mode',
  'body_not_replayable',
  'dns_retried_once',
]);

/** Temporary failures without a retry decision: a limit passed, or the response had begun. */
const RETRYABLE_ENDINGS: ReadonlySet<CallFacts['endingReason']> = new Set([
  'queue_deadline',
  'deadline',
  'body_timeout',
  'body_error',
  'stream_truncated',
  'stream_idle_timeout',
]);

/** True if another call may succeed. Does not consider costs: a repeated request may be billed again. */
function isRetryable(facts: CallFacts): boolean {
  const last = facts.attempts.at(-1);
  return RETRYABLE_ENDINGS.has(facts.endingReason) || (last !== undefined && RETRYABLE_DECISIONS.has(last.because));
}

/** Headers that the error keeps, with the pattern of their values. Any other value may be an echo of the request. */
const KEPT_HEADERS: readonly (readonly [RegExp, RegExp])[] = [
  [/^retry-after(?:-ms)?$/, /^(?:[0-9.]{1,16}|[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} [0-9:]{8} GMT)$/],
  [/^x-ratelimit-(?:limit|remaining|reset)(?:-(?:requests|tokens))?$/, /^[0-9][0-9a-z.:-]{0,31}$/],
];
const ID_HEADERS = /^(?:x-request-id|x-oneapi-request-id|cf-ray)$/;

function keptHeaders(
  headers: Iterable<[string, string]> | undefined,
  facts: CallFacts,
  redactor: Redactor,
): Headers | undefined {
  if (headers === undefined) {
    return undefined;
  }
  const kept = new Headers();
  for (const [name, value] of headers) {
    const isId = ID_HEADERS.test(name) && value.trim() === facts.requestId;
    const isKept = KEPT_HEADERS.some(([names, values]) => names.test(name) && values.test(value));
    if (isId || (isKept && !redactor.looksSensitive(value))) {
      kept.set(name, value);
    }
  }
  return kept;
}
