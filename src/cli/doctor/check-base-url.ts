import type { BaseURL } from '../../config/base-url';
import { DEFAULTS } from '../../config/defaults';
import { type Finding, fail, ok, warn } from './finding';

const GATEWAY_HOST = new URL(DEFAULTS.baseURL).hostname;
const REMEDY = `Set COMETAPI_BASE_URL to ${DEFAULTS.baseURL}, or unset it.`;

/** Finds base URLs that are valid but wrong. Shows the host, because it receives the API key; never shows the path. */
export function checkBaseURL({ hostname, path }: Pick<BaseURL, 'hostname' | 'path'>): Finding {
  if (hostname === GATEWAY_HOST) {
    return path === '/v1'
      ? ok('base URL', GATEWAY_HOST)
      : fail(
          'base URL',
          `the path after ${GATEWAY_HOST} is not /v1, so CometAPI answers every request with 404 or an HTML page`,
          REMEDY,
        );
  }
  if (hostname === 'cometapi.com' || hostname.endsWith('.cometapi.com')) {
    return fail('base URL', `${hostname} is a CometAPI website, not the API`, REMEDY);
  }
  if (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')) {
    return ok('base URL', `${hostname}: a local gateway or a simulator. Records do not name CometAPI as the upstream`);
  }
  return warn('base URL', `requests and the API key are sent to ${hostname}, not to CometAPI`, REMEDY);
}
