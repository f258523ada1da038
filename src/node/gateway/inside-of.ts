import { CometAPI } from 'cometapi-otel';
import type { Composition } from '../../compose';

const INSIDE_OF = Symbol.for('cometapi-otel.inside-of');

/** The inside of a client. This entry is built apart and knows only the public names of the core, so a symbol leads there. */
export function insideOf(client: CometAPI): Pick<Composition, 'appendRecord' | 'openGatewayDoor'> {
  const reach: unknown = Reflect.get(CometAPI, INSIDE_OF);
  if (typeof reach !== 'function') {
    throw new TypeError('cometapi-otel/gateway and cometapi-otel are not of the same installation.');
  }
  // The class defines it with exactly this result.
  return reach(client) as Composition;
}
