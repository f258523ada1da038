import { type GatewayError, gatewayError } from './gateway-error';
import type { Route } from './routes';

/** What a request that got no answer is told, in closed words. The error may quote anything, so only its word is read. */
export function upstreamError(error: unknown, dialect: Route['dialect']): GatewayError {
  if (error instanceof DOMException && error.name === 'TimeoutError') {
    return gatewayError('upstream_timeout', {
      message: 'The upstream did not answer in time: try again, or give it longer with COMETAPI_TIMEOUT_MS.',
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
      message: `The upstream could not be reached (${error.code}): check COMETAPI_BASE_URL and the network of the gateway.`,
      dialect,
    });
  }
  return gatewayError('gateway_error', {
    message: 'The gateway could not send the request on: try again, and look at what it logged.',
    dialect,
  });
}
