import type { AttemptFacts, CallFacts } from '../facts/call-facts';
import type { ErrorCategory, FailureWord } from '../facts/words';

/** What a person does first, by category (cometapi-contract.md, error tables). */
const REMEDIES: Readonly<Record<ErrorCategory, string>> = {
  none: 'the gateway answered, but the call did not end well',
  invalid_request: 'the gateway refused the request: check model, messages and the types of the fields',
  auth_rejected: 'the gateway refused the API key: check COMETAPI_API_KEY',
  permission_denied:
    'the gateway does not allow this: remove model-specific fields and check the access of the key to the model',
  path_or_base_url:
    'the answer is not from the API: use the base URL exactly as documented, https://api.cometapi.com/v1',
  not_found: 'the gateway does not know this path or model: check the base URL and the model id',
  model_unavailable: 'the gateway has no route for this model: check the model id',
  rate_limited: 'the gateway asks for fewer requests: lower the concurrency, then try again',
  quota: 'the account has no quota left: a person has to look at the account',
  payload_too_large: 'the request is larger than the gateway takes: send less',
  server_error: 'the gateway or its provider failed: try again later, and keep the request id for support',
  gateway_timeout: 'the gateway gave up waiting for its provider: try again later, and keep the request id for support',
  timeout: 'the gateway gave up waiting for the request: try again later',
  connection: 'the gateway could not be reached: check network, proxy and base URL',
  tls: 'the connection could not be secured: check certificates, proxy and base URL',
  unexpected_response: 'the answer does not have the documented shape: keep the request id for support',
  truncated_stream:
    'the stream ended before the answer did: what was delivered is not whole, so ask again for all of it',
  stream_idle: 'the stream fell silent: what was delivered is not whole',
  cancelled: 'the call was given up before it had ended',
  unknown: 'the call failed in a way this client does not know: keep the request id for support',
};

/** What the category alone would tell wrongly. */
const REMEDIES_BY_STATUS: Readonly<Record<number, string>> = {
  409: 'the gateway reports a conflict: see what it says before you send the request again',
  425: 'the gateway was not ready for the request: try again later',
};

const FAILURES: Readonly<Record<FailureWord, string>> = {
  connection_refused: 'The connection was refused: check base URL and proxy',
  connection_reset: 'The connection was closed before an answer came: try again later',
  dns_error: 'The name of the gateway could not be resolved: check base URL and network',
  tls_error: 'The connection could not be secured: check certificates, proxy and base URL',
  network_error: 'The gateway could not be reached: check network, proxy and base URL',
  protocol_error: 'What answered does not speak HTTP: check base URL and proxy',
  response_too_large: 'The answer is larger than the transport takes: ask for less',
  timeout: 'Request timed out: no connection came about, so check network, proxy and base URL',
  stream_truncated: 'The connection broke before the answer was whole: try again later',
  stream_idle_timeout: 'The connection fell silent before the answer was whole: try again later',
  _OTHER: 'The request failed before an answer came: check fetch and fetchOptions, if you gave any',
};

/** Categories whose cause the gateway's own words name best. */
const EXPLAINED_BY_SERVER: ReadonlySet<ErrorCategory> = new Set([
  'invalid_request',
  'permission_denied',
  'not_found',
  'quota',
  'unexpected_response',
  'unknown',
]);

/**
 * What happened and what to do next; nothing of the server's text, no value from the wire but status and numbers.
 *
 * @param hasServerMessage whether the error carries text of the server, which the message then points at
 */
export function errorMessage(facts: CallFacts, hasServerMessage = false): string {
  const { attempts, category } = facts;
  const last = attempts.at(-1);
  const sent = attempts.length > 1 ? ` (after ${attempts.length} attempts)` : '';
  const pointer =
    hasServerMessage && EXPLAINED_BY_SERVER.has(category) ? " The gateway's own words are in error.serverMessage." : '';
  return `${happened(facts, last)}${sent}.${whyNotAgain(facts, last)}${pointer}`;
}

function happened(facts: CallFacts, last: AttemptFacts | undefined): string {
  const { endingReason, settings } = facts;
  switch (endingReason) {
    case 'http_status':
    case 'redirect':
    case 'unexpected_response':
      return answered(facts);
    case 'header_timeout':
      return `Request timed out: no answer began within ${settings.headerTimeoutMs} ms. Raise timeout, or ask for less`;
    case 'body_timeout':
      return `Request timed out: the answer was not whole within ${settings.headerTimeoutMs} ms. Raise timeout, or stream the answer`;
    case 'deadline':
      return `Request timed out: attempts and waits took longer than ${settings.deadlineMs} ms. Raise deadlineMs, or ask for less`;
    case 'queue_deadline':
      return `Request timed out: no connection was free within ${settings.deadlineMs} ms. Raise maxConnections or deadlineMs, or start fewer calls at once`;
    case 'max_stream_duration':
      return `The stream lasted longer than ${settings.maxStreamMs} ms: what was delivered is not whole. Raise maxStreamMs`;
    case 'stream_idle_timeout':
      return `The stream fell silent for ${settings.idleTimeoutMs} ms: what was delivered is not whole. Raise idleTimeoutMs if the model may think longer`;
    case 'connection':
      return last?.because === 'platform_limit'
        ? "Request timed out: a limit of the platform's own fetch passed before those of this client. Stream the answer, or pass a fetch without that limit"
        : belowHttp(facts);
    case 'body_error':
      return 'The connection broke before the answer was whole: try again later';
    case 'response_too_large':
      return 'The answer is larger than maxResponseBytes: raise it, or ask for less';
    case 'stream_error_event':
      return 'The gateway sent an error in the stream: what was delivered is not whole, so keep the request id for support';
    case 'response_failed':
      return 'The gateway says that the response failed: keep the request id for support';
    default:
      return capitalised(REMEDIES[facts.category]);
  }
}

function answered({ status, category }: CallFacts): string {
  if (status === undefined) {
    return capitalised(REMEDIES[category]);
  }
  return `${status} ${REMEDIES_BY_STATUS[status] ?? REMEDIES[category]}`;
}

function belowHttp({ errorType, category }: CallFacts): string {
  return isFailureWord(errorType) ? FAILURES[errorType] : capitalised(REMEDIES[category]);
}

/** A bound that ended the retries is the reader's to raise. */
function whyNotAgain({ retryAfterMs, settings }: CallFacts, last: AttemptFacts | undefined): string {
  switch (last?.because) {
    case 'retry_after_exceeds_budget':
      return retryAfterMs === undefined
        ? ''
        : ` The gateway asks to wait ${Math.ceil(retryAfterMs / 1_000)} s, more than this call may.`;
    case 'deadline_would_pass':
      return ` Another attempt did not fit into ${settings.deadlineMs} ms (deadlineMs).`;
    case 'retry_budget_empty':
      return ' Not tried again: too many calls of this client had failed (retryBudget).';
    case 'safe_mode':
      return " Not tried again: retry is 'safe', and this request may have been worked on.";
    case 'body_not_replayable':
      return ' Not tried again: a body that is a stream can be sent once.';
    default:
      return '';
  }
}

function isFailureWord(errorType: CallFacts['errorType']): errorType is FailureWord {
  return errorType !== undefined && !/^\d/.test(errorType);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
