import type { WatchedBody } from '../wire/watch-body';

const registry = new FinalizationRegistry<WatchedBody>((body) => body.abandon('garbage_collected'));

/**
 * Ends `body` when `holder` is collected. The body holds no reference to the holder: it would never be collected then.
 */
export function abandonWith(holder: object, body: WatchedBody): void {
  registry.register(holder, body);
}
