import type { WatchedBody } from '../wire/watch-body';

/**
 * What the registry holds until the holder is collected, which only a full collection does: of a body that is closed by
 * then, nothing.
 */
interface Entry {
  body: WatchedBody | undefined;
}

const registry = new FinalizationRegistry<Entry>(({ body }) => body?.abandon('garbage_collected'));

/**
 * Ends `body` when `holder` is collected. The body holds no reference to the holder: it would never be collected then.
 */
export function abandonWith(holder: object, body: WatchedBody): void {
  const entry: Entry = { body };
  registry.register(holder, entry);
  body.whenClosed(() => {
    entry.body = undefined;
  });
}
