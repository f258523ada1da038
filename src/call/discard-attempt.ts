import { type Attempt, isAnswered } from './attempt';
import type { ReleaseSlot } from './connection-slots';

/**
 * Ends an attempt whose response is not used, and releases its slot. A body that was read to its end leaves the
 * connection open for reuse; otherwise the request is destroyed.
 */
export function discardAttempt(attempt: Attempt, release: ReleaseSlot): void {
  if (isAnswered(attempt)) {
    const { limit, peeked, response } = attempt;
    limit.lift();
    const rest = peeked === undefined ? response.body : peeked.source.reader;
    if (rest) {
      rest.cancel().catch(() => undefined);
      limit.abort();
    }
  }
  release();
}
