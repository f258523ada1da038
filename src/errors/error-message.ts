import type { CallFacts } from '../facts/call-facts';
import type { ErrorCategory, FailureWord } from '../facts/words';

/** What a person does first, by category (cometapi-contract.md, error tables). */
const REMEDIES: Readonly<Record<ErrorCategory, string>> = {
  none: '',
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
  timeout: 'the time limit passed: raise the limit, or ask for less',
  connection: 'the gateway could not be reached: check network, proxy and base URL',
  tls: 'the connection could not be secured: check certificates, proxy and base URL',
  unexpected_response: 'the answer does not have the documented shape: keep the request id for support',
  truncated_stream: 'the stream ended before the answer did: what was delivered is not whole',
  stream_idle: 'the stream fell silent for longer than idleTimeoutMs: what was delivered is not whole',
  cancelled: 'the call was cancelled',
  unknown: 'the call failed in a way this client does not know: keep the request id for support',
};

const FAILURES: Readonly<Partial<Record<FailureWord, string>>> = {
  connection_refused: 'The connection was refused',
  connection_reset: 'The connection was reset',
  dns_error: 'The name of the gateway could not be resolved',
  tls_error: 'TLS failed',
  network_error: 'The network failed',
  protocol_error: 'The answer was not HTTP',
  timeout: 'Request timed out',
};

/** What happened and what to do next; nothing of the server's text, no URL, no value. */
export function errorMessage(facts: CallFacts): string {
  const { errorType, category, retryAfterMs, attempts } = facts;
  const remedy = REMEDIES[category];
  const failure = isFailureWord(errorType) ? FAILURES[errorType] : undefined;
  const happened =
    facts.status !== undefined && (failure === undefined || facts.phase === 'headers') && !isFailureWord(errorType)
      ? `${facts.status} ${remedy}`
      : failure === undefined
        ? capitalised(remedy)
        : `${failure}: ${remedy}`;
  const sent = attempts.length > 1 ? ` (after ${attempts.length} attempts)` : '';
  const asked =
    attempts.at(-1)?.because === 'retry_after_exceeds_budget' && retryAfterMs !== undefined
      ? ` The gateway asks to wait ${Math.ceil(retryAfterMs / 1_000)} s, more than this call may.`
      : '';
  return `${happened}${sent}.${asked}`;
}

function isFailureWord(errorType: CallFacts['errorType']): errorType is FailureWord {
  return errorType !== undefined && !/^\d/.test(errorType);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
