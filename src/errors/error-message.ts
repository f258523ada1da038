import type { AttemptFacts, CallFacts } from '../facts/call-facts';
import type { ErrorCategory, FailureType } from '../facts/enums';

/** The two sentences of a message, without their periods: what happened, and what to do first. */
type Advice = readonly [happened: string, action: string];

const KEEP_REQUEST_ID = 'Keep the request id for support';
const RETRY_LATER = 'Retry later, and keep the request id for support';
const CHECK_NETWORK = 'Check the network, the proxy and baseURL';
const CHECK_TLS = 'Check the certificates, the proxy and baseURL';

/** The first actions follow CometAPI's error documentation. */
const BY_CATEGORY: Readonly<Record<ErrorCategory, Advice>> = {
  none: ['CometAPI responded, but the call did not complete', KEEP_REQUEST_ID],
  invalid_request: ['CometAPI refused the request', 'Check the model, the messages and the types of the fields'],
  auth_rejected: ['CometAPI refused the API key', 'Check apiKey or COMETAPI_API_KEY'],
  permission_denied: [
    'CometAPI refused access',
    'Remove model-specific fields, and check that the API key may use the model',
  ],
  path_or_base_url: [
    "The response did not come from CometAPI's API",
    'Set baseURL exactly as documented: https://api.cometapi.com/v1',
  ],
  not_found: ['CometAPI does not know this path or model', 'Check baseURL and the model id'],
  model_unavailable: ['CometAPI has no route for this model', 'Check the model id'],
  rate_limited: ['CometAPI received too many requests', 'Send fewer requests at once, and retry later'],
  quota: ['The CometAPI account has no quota left', 'Check the account'],
  payload_too_large: ['The request is larger than CometAPI accepts', 'Send a smaller request'],
  server_error: ['CometAPI or its provider failed', RETRY_LATER],
  gateway_timeout: ['CometAPI timed out waiting for its provider', RETRY_LATER],
  timeout: ['CometAPI timed out waiting for the request', 'Retry later'],
  connection: ['CometAPI could not be reached', CHECK_NETWORK],
  tls: ['The TLS connection failed', CHECK_TLS],
  unexpected_response: ['The response does not have the documented shape', KEEP_REQUEST_ID],
  truncated_stream: ['The stream ended early, so the answer is incomplete', 'Repeat the request'],
  stream_idle: ['The stream stopped sending data, so the answer is incomplete', 'Repeat the request'],
  cancelled: ['The call was cancelled before it ended', 'Repeat the request if you need the answer'],
  unknown: ['The call failed for an unknown reason', KEEP_REQUEST_ID],
};

/** Statuses that the advice of their category does not fit. */
const BY_STATUS: Readonly<Record<number, Advice>> = {
  409: ['CometAPI reported a conflict', 'Find its cause before you send the request again'],
  425: ['CometAPI was not ready for the request', 'Retry later'],
};

const BY_FAILURE: Readonly<Record<FailureType, Advice>> = {
  connection_refused: ['The connection was refused', 'Check baseURL and the proxy'],
  connection_reset: ['The connection closed before a response arrived', 'Retry later'],
  dns_error: ['The host name in baseURL could not be resolved', 'Check baseURL and the network'],
  tls_error: ['The TLS connection failed', CHECK_TLS],
  network_error: ['CometAPI could not be reached', CHECK_NETWORK],
  protocol_error: ['The server did not send a valid HTTP response', 'Check baseURL and the proxy'],
  response_too_large: ['The response is larger than the transport accepts', 'Request a shorter answer'],
  timeout: ['Request timed out: no connection was established', CHECK_NETWORK],
  stream_truncated: ['The connection broke before the answer was complete', 'Retry later'],
  stream_idle_timeout: ['The connection stopped sending data before the answer was complete', 'Retry later'],
  _OTHER: ['The request failed before a response arrived', 'Check fetch and fetchOptions, if you set them'],
};

/** Categories whose cause the server's text explains better than this client can. */
const EXPLAINED_BY_SERVER: ReadonlySet<ErrorCategory> = new Set([
  'invalid_request',
  'permission_denied',
  'not_found',
  'quota',
  'unexpected_response',
  'unknown',
]);

/**
 * The message of an error: what happened, why it was not retried, what to do. Contains no text of the server, and no
 * value from the response except the status and numbers.
 *
 * @param hasServerMessage true if the error carries text of the server; some messages then refer to it
 */
export function errorMessage(facts: CallFacts, hasServerMessage = false): string {
  const { attempts, category } = facts;
  const last = attempts.at(-1);
  const [happened, action] = adviceFor(facts, last);
  const count = attempts.length > 1 ? ` (after ${attempts.length} attempts)` : '';
  const pointer =
    hasServerMessage && EXPLAINED_BY_SERVER.has(category) ? " Read the server's text in error.serverMessage." : '';
  return `${happened}${count}.${whyNotRetried(facts, last)} ${action}.${pointer}`;
}

function adviceFor(facts: CallFacts, last: AttemptFacts | undefined): Advice {
  const { endingReason, settings } = facts;
  switch (endingReason) {
    case 'http_status':
    case 'redirect':
    case 'unexpected_response':
      return adviceForResponse(facts);
    case 'header_timeout':
      return [
        `Request timed out: no response headers within ${settings.headerTimeoutMs} ms (timeout)`,
        'Raise timeout, or request a shorter answer',
      ];
    case 'body_timeout':
      return [
        `Request timed out: the response was incomplete after ${settings.headerTimeoutMs} ms (timeout)`,
        'Raise timeout, or stream the answer',
      ];
    case 'deadline':
      return [
        `Request timed out: attempts and waits took longer than ${settings.deadlineMs} ms (deadlineMs)`,
        'Raise deadlineMs, or request a shorter answer',
      ];
    case 'queue_deadline':
      return [
        `Request timed out: no connection became free within ${settings.deadlineMs} ms (deadlineMs)`,
        'Raise maxConnections or deadlineMs, or start fewer calls at once',
      ];
    case 'max_stream_duration':
      return [
        `The stream took longer than ${settings.maxStreamMs} ms (maxStreamMs), so the answer is incomplete`,
        'Raise maxStreamMs',
      ];
    case 'stream_idle_timeout':
      return [
        `The stream sent no data for ${settings.idleTimeoutMs} ms (idleTimeoutMs), so the answer is incomplete`,
        'Raise idleTimeoutMs if the model may need longer',
      ];
    case 'connection':
      return last?.because === 'platform_limit'
        ? [
            'Request timed out: fetch reached its own time limit before a limit of this client',
            'Stream the answer, or pass a fetch without that limit',
          ]
        : adviceForFailure(facts);
    case 'body_error':
      return ['The connection broke before the answer was complete', 'Retry later'];
    case 'response_too_large':
      return ['The response is larger than maxResponseBytes', 'Raise maxResponseBytes, or request a shorter answer'];
    case 'stream_error_event':
      return ['CometAPI sent an error in the stream, so the answer is incomplete', KEEP_REQUEST_ID];
    case 'response_failed':
      return ['CometAPI reported that the response failed', KEEP_REQUEST_ID];
    default:
      return BY_CATEGORY[facts.category];
  }
}

function adviceForResponse({ status, category }: CallFacts): Advice {
  if (status === undefined) {
    return BY_CATEGORY[category];
  }
  const [happened, action] = BY_STATUS[status] ?? BY_CATEGORY[category];
  return [`${status} ${happened}`, action];
}

function adviceForFailure({ errorType, category }: CallFacts): Advice {
  return isFailureType(errorType) ? BY_FAILURE[errorType] : BY_CATEGORY[category];
}

/** Names the option that ended the retries, because the reader can change it. */
function whyNotRetried(facts: CallFacts, last: AttemptFacts | undefined): string {
  const { settings } = facts;
  switch (last?.because) {
    case 'retry_after_exceeds_budget':
      return retryAfterTooLong(facts);
    case 'deadline_would_pass':
      return ` The next attempt did not fit into deadlineMs (${settings.deadlineMs} ms).`;
    case 'retry_budget_empty':
      return ' Not retried: too many calls of this client failed, and its retry budget is empty (retryBudget).';
    case 'safe_mode':
      return " Not retried: CometAPI may have processed the request (retry: 'safe').";
    case 'body_not_replayable':
      return ' Not retried: a body that is a stream can be sent only once.';
    default:
      return '';
  }
}

function retryAfterTooLong({ retryAfterMs, settings }: CallFacts): string {
  if (retryAfterMs === undefined) {
    return '';
  }
  const wait = ` CometAPI asked to wait ${Math.ceil(retryAfterMs / 1_000)} s`;
  return retryAfterMs > settings.maxRetryAfterMs
    ? `${wait}, which exceeds maxRetryAfterMs (${settings.maxRetryAfterMs} ms).`
    : `${wait}, which does not fit into deadlineMs (${settings.deadlineMs} ms).`;
}

function isFailureType(errorType: CallFacts['errorType']): errorType is FailureType {
  return errorType !== undefined && !/^\d/.test(errorType);
}
