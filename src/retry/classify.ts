import type { ErrorCategory, ErrorType, FailureType, ServerCode } from '../facts/enums';

/** The outcome of one attempt. */
export type AttemptOutcome = ResponseOutcome | FailureOutcome;

export interface ResponseOutcome {
  readonly kind: 'response';
  readonly status: number;
  /** `code` of an error body. */
  readonly code?: ServerCode | undefined;
  /** `type` of an error body. Some servers put the code there. */
  readonly type?: ServerCode | undefined;
  /** The `x-should-retry` header. */
  readonly shouldRetry?: boolean | undefined;
}

export interface FailureOutcome {
  readonly kind: 'failure';
  readonly errorType: FailureType;
  /** `maybe` if the request may have reached CometAPI. A retry can then be billed twice. */
  readonly sent: 'never' | 'maybe';
  /** The kind of failure. It determines if a retry is allowed. */
  readonly cause: 'connection' | 'dns' | 'tls' | 'header_timeout' | 'platform_limit' | 'protocol' | 'caller' | 'other';
}

/** Classification of an outcome: could another attempt help? Does not consider limits. */
export type Classification =
  | { readonly verdict: 'success' }
  | {
      readonly verdict: 'retryable';
      readonly because: 'retryable_status' | 'retryable_transport_failure' | 'header_timeout';
    }
  | {
      readonly verdict: 'final';
      readonly because:
        | 'final_status'
        | 'final_code'
        | 'redirect'
        | 'x_should_retry_false'
        | 'tls_error'
        | 'platform_limit'
        | 'final_transport_failure'
        | 'caller_abort';
    };

/** Temporary failures: the statuses that CometAPI documents, and those of proxies (Cloudflare sends 520 to 524). */
const RETRYABLE_STATUSES: ReadonlySet<number> = new Set([
  408, 425, 429, 500, 502, 503, 504, 520, 521, 522, 523, 524, 529,
]);

const QUOTA_CODES: ReadonlySet<ServerCode> = new Set([
  'insufficient_quota',
  'quota_exceeded',
  'insufficient_user_quota',
  'billing_hard_limit_reached',
]);

/** Codes that make a failure final for any status: the same request would fail again. */
const FINAL_CODES: ReadonlySet<ServerCode> = new Set([
  ...QUOTA_CODES,
  'invalid_request',
  'invalid_api_key',
  'model_not_found',
  'context_length_exceeded',
]);

/** Codes that make a failure final if `type` contains them. There, `invalid_request` names a broad group of errors. */
const FINAL_TYPES: ReadonlySet<ServerCode> = new Set([
  ...QUOTA_CODES,
  'invalid_api_key',
  'model_not_found',
  'context_length_exceeded',
]);

/** Classifies an outcome. Does not consider limits. */
export function classify(outcome: AttemptOutcome): Classification {
  return outcome.kind === 'response' ? classifyResponse(outcome) : classifyFailure(outcome);
}

function classifyResponse({ status, code, type, shouldRetry }: ResponseOutcome): Classification {
  if (status >= 200 && status < 300) {
    return { verdict: 'success' };
  }
  if (status >= 300 && status < 400) {
    return { verdict: 'final', because: 'redirect' };
  }
  if (!RETRYABLE_STATUSES.has(status)) {
    return { verdict: 'final', because: 'final_status' };
  }
  if ((code !== undefined && FINAL_CODES.has(code)) || (type !== undefined && FINAL_TYPES.has(type))) {
    return { verdict: 'final', because: 'final_code' };
  }
  if (shouldRetry === false) {
    return { verdict: 'final', because: 'x_should_retry_false' };
  }
  return { verdict: 'retryable', because: 'retryable_status' };
}

function classifyFailure({ cause }: FailureOutcome): Classification {
  switch (cause) {
    case 'connection':
    case 'dns':
      return { verdict: 'retryable', because: 'retryable_transport_failure' };
    case 'header_timeout':
      return { verdict: 'retryable', because: 'header_timeout' };
    case 'tls':
      return { verdict: 'final', because: 'tls_error' };
    case 'platform_limit':
      return { verdict: 'final', because: 'platform_limit' };
    case 'caller':
      return { verdict: 'final', because: 'caller_abort' };
    case 'protocol':
    case 'other':
      return { verdict: 'final', because: 'final_transport_failure' };
    default:
      return cause satisfies never;
  }
}

/** The `error.type` attribute of an outcome; `undefined` if it is not a failure. */
export function errorTypeOf(outcome: AttemptOutcome): ErrorType | undefined {
  if (outcome.kind === 'response') {
    return outcome.status >= 400 ? `${outcome.status}` : undefined;
  }
  return outcome.cause === 'caller' ? undefined : outcome.errorType;
}

const CATEGORY_BY_STATUS: Readonly<Record<number, ErrorCategory>> = {
  400: 'invalid_request',
  401: 'auth_rejected',
  402: 'quota',
  403: 'permission_denied',
  404: 'not_found',
  408: 'timeout',
  413: 'payload_too_large',
  // The server is not ready yet. The request is valid.
  425: 'server_error',
  429: 'rate_limited',
  504: 'gateway_timeout',
  522: 'gateway_timeout',
  524: 'gateway_timeout',
};

/** The error category of an outcome. Callers use it to choose a reaction. */
export function categoryOf(outcome: AttemptOutcome): ErrorCategory {
  return outcome.kind === 'response' ? categoryOfResponse(outcome) : categoryOfFailure(outcome);
}

function categoryOfResponse({ status, code, type }: ResponseOutcome): ErrorCategory {
  if (status < 200) {
    // Only a custom fetch can return this: in HTTP, a 1xx response is never the final one.
    return 'unexpected_response';
  }
  if (status < 300) {
    return 'none';
  }
  if (status < 400) {
    return 'path_or_base_url';
  }
  if ((code !== undefined && QUOTA_CODES.has(code)) || (type !== undefined && QUOTA_CODES.has(type))) {
    return 'quota';
  }
  if (code === 'model_not_found' || type === 'model_not_found') {
    return 'model_unavailable';
  }
  if (code === 'invalid_api_key' || type === 'invalid_api_key') {
    return 'auth_rejected';
  }
  if (status >= 500 && (code === 'invalid_request' || code === 'context_length_exceeded')) {
    return 'invalid_request';
  }
  return CATEGORY_BY_STATUS[status] ?? (status >= 500 ? 'server_error' : 'invalid_request');
}

function categoryOfFailure({ errorType, cause }: FailureOutcome): ErrorCategory {
  if (cause === 'caller') {
    return 'cancelled';
  }
  switch (errorType) {
    case 'timeout':
      return 'timeout';
    case 'tls_error':
      return 'tls';
    case 'connection_refused':
    case 'connection_reset':
    case 'dns_error':
    case 'network_error':
      return 'connection';
    case 'protocol_error':
    case 'response_too_large':
      return 'unexpected_response';
    case 'stream_truncated':
      return 'truncated_stream';
    case 'stream_idle_timeout':
      return 'stream_idle';
    case '_OTHER':
      return 'unknown';
    default:
      return errorType satisfies never;
  }
}
