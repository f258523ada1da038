import type { BaseURL } from '../config/base-url';
import type { Fetch } from '../config/options';
import type { Upstream } from '../facts/enums';

/** The simulator marks its fetch and lists its origins. Its records can then never be mistaken for CometAPI's. */
const SIMULATOR_FETCH = Symbol.for('cometapi-otel.simulator');
const SIMULATOR_ORIGINS = Symbol.for('cometapi-otel.simulators');

/** The kind of server behind a base URL. */
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
