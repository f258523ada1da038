import type { MonitoredBody } from '../wire/body/monitored-body';

/** The registry keeps this entry until the holder is collected. A closed body is removed, to free memory earlier. */
interface Entry {
  body: MonitoredBody | undefined;
}

const registry = new FinalizationRegistry<Entry>(({ body }) => body?.abandon('garbage_collected'));

/**
 * Ends `body` as abandoned when `holder` is garbage-collected. Without this, an unread body would keep its connection
 * until `unreadTimeoutMs` passes. The body must not reference the holder, or the holder is never collected.
 */
export function cancelWhenCollected(holder: object, body: MonitoredBody): void {
  const entry: Entry = { body };
  registry.register(holder, entry);
  body.whenClosed(() => {
    entry.body = undefined;
  });
}
