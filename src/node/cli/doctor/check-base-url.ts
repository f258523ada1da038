import type { BaseURL } from '../../../config/base-url';
import { DEFAULTS } from '../../../config/defaults';
import { type Finding, fail, ok, warn } from './finding';

const GATEWAY_HOST = new URL(DEFAULTS.baseURL).hostname;
const REMEDY = `Set COMETAPI_BASE_URL to ${DEFAULTS.baseURL}, or unset it.`;

/** Mistakes that are valid URLs. The host is shown, since it decides where the key goes; never the path. */
export function checkBaseURL({ hostname, path }: Pick<BaseURL, 'hostname' | 'path'>): Finding {
  if (hostname === GATEWAY_HOST) {
    return path === '/v1'
      ? ok('base URL', GATEWAY_HOST)
      : fail(
          'base URL',
          `the path behind ${GATEWAY_HOST} is not /v1, so every request is answered 404 or with a page`,
          REMEDY,
        );
  }
  if (hostname === 'cometapi.com' || hostname.endsWith('.cometapi.com')) {
    return fail('base URL', `${hostname} is a web site of CometAPI, not its interface`, REMEDY);
  }
  if (hostname === 'localhost' || hostname === '[::1]' || hostname.startsWith('127.')) {
    return ok('base URL', `${hostname}: a gateway or a simulator on this machine; its records do not pass as cometapi`);
  }
  return warn('base URL', `requests and the API key go to ${hostname}, not to CometAPI`, REMEDY);
}
