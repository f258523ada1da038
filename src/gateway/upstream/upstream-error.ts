import { type GatewayError, gatewayError } from '../gateway-error';
import type { Route } from '../routes';

/** Converts an error to a response. Its message may quote the request, so only its name and code are read. */
export function upstreamError(error: unknown, dialect: Route['dialect']): GatewayError {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return gatewayError('upstream_timeout', {
      message: 'CometAPI did not respond in time. Try again, or raise COMETAPI_TIMEOUT_MS on the local gateway.',
      dialect,
    });
  }
  if (
    error instanceof TypeError &&
    'code' in error &&
    typeof error.code === 'string' &&
    /^[a-z_]+$/i.test(error.code)
  ) {
    return gatewayError('upstream_unreachable', {
      message: `The local gateway could not reach CometAPI (${error.code}). Check its network and COMETAPI_BASE_URL.`,
      dialect,
    });
  }
  return gatewayError('gateway_error', {
    message: 'The local gateway could not forward the request. Try again, and check its log.',
    dialect,
  });
}
