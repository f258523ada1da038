import { CometAPI } from 'cometapi-otel';
import type { Composition } from '../compose';

const INSIDE_OF = Symbol.for('cometapi-otel.inside-of');

/**
 * Returns the internal parts of a client. This entry is bundled separately and imports only public names of the core.
 * It reaches the internal parts through a global symbol.
 */
export function insideOf(client: CometAPI): Pick<Composition, 'appendRecord' | 'openGatewaySend'> {
  const reach: unknown = Reflect.get(CometAPI, INSIDE_OF);
  if (typeof reach !== 'function') {
    throw new TypeError(
      'cometapi-otel/gateway and cometapi-otel come from different installations. Install only one cometapi-otel.',
    );
  }
  // `CometAPI` defines this function with exactly this return type.
  return reach(client) as Composition;
}
