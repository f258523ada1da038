import type { Route } from './routes';

/** Codes of errors that the local gateway itself returns. Upstream errors pass through unchanged. */
export type GatewayErrorCode =
  | 'bad_request'
  | 'missing_host'
  | 'foreign_host'
  | 'foreign_origin'
  | 'not_found'
  | 'method_not_allowed'
  | 'upgrade_required'
  | 'expectation_failed'
  | 'invalid_gateway_token'
  | 'unsupported_media_type'
  | 'unsupported_content_encoding'
  | 'payload_too_large'
  | 'headers_too_large'
  | 'request_timeout'
  | 'shutting_down'
  | 'upstream_unreachable'
  | 'upstream_timeout'
  | 'upstream_redirect'
  | 'gateway_error';

const STATUS: Readonly<Record<GatewayErrorCode, number>> = {
  bad_request: 400,
  missing_host: 400,
  foreign_host: 421,
  foreign_origin: 403,
  not_found: 404,
  method_not_allowed: 405,
  upgrade_required: 426,
  expectation_failed: 417,
  invalid_gateway_token: 401,
  unsupported_media_type: 415,
  unsupported_content_encoding: 415,
  payload_too_large: 413,
  headers_too_large: 431,
  request_timeout: 408,
  shutting_down: 503,
  upstream_unreachable: 502,
  upstream_timeout: 504,
  upstream_redirect: 502,
  gateway_error: 500,
};

/** An error response of the local gateway, independent of the server that sends it. */
export interface GatewayError {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface GatewayErrorDetails {
  readonly message: string;
  readonly dialect?: Route['dialect'] | undefined;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Builds an error in the JSON shape that the route's SDKs expect. It quotes neither the request nor the upstream. */
export function gatewayError(
  code: GatewayErrorCode,
  { message, dialect = 'openai', headers = {} }: GatewayErrorDetails,
): GatewayError {
  const status = STATUS[code];
  const error = { message, type: typeOf(status), code, param: null };
  const body = JSON.stringify(dialect === 'anthropic' ? { type: 'error', error } : { error });
  const length = String(new TextEncoder().encode(body).byteLength);
  return { status, headers: { 'content-type': 'application/json', 'content-length': length, ...headers }, body };
}

export function errorResponse({ status, headers, body }: GatewayError): Response {
  return new Response(body, { status, headers });
}

function typeOf(status: number): string {
  if (status === 401) {
    return 'authentication_error';
  }
  return status < 500 ? 'invalid_request_error' : 'gateway_error';
}
