import type { BaseURL } from '../config/base-url';
import type { Fetch } from '../config/options';
import type { Upstream } from '../facts/words';

/** The simulator marks its fetch, and lists the origins it listens on, so that its records never pass as the gateway's. */
const SIMULATOR_FETCH = Symbol.for('cometapi-otel.simulator');
const SIMULATOR_ORIGINS = Symbol.for('cometapi-otel.simulators');

/** What stands behind a base URL. */
export function upstreamOf(base: BaseURL, fetch: Fetch | undefined): Upstream {
  const origins: unknown = Reflect.get(globalThis, SIMULATOR_ORIGINS);
  const isSimulator =
    (fetch !== undefined && Reflect.get(fetch, SIMULATOR_FETCH) === true) ||
    (origins instanceof Set && origins.has(base.origin));
  if (isSimulator) {
    return 'simulator';
  }
  return base.origin === 'https://api.cometapi.com' ? 'cometapi' : 'other';
}
