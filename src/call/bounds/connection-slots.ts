import type { AbortSignalLike } from '../../wire/abort-signal-like';
import type { Clock } from '../clock';

/** Returns a slot. A second call does nothing. */
export type ReleaseSlot = () => void;

/** Limits concurrent requests per client and origin. Further requests queue in order of arrival. */
export interface ConnectionSlots {
  /** @throws the signal's reason if it aborts before a slot is free */
  acquire(signal: AbortSignalLike): Promise<ReleaseSlot> | ReleaseSlot;
}

interface Waiting {
  readonly grant: (release: ReleaseSlot) => void;
}

/**
 * A connection can be reused only one turn of the event loop after its response has ended. A request sent earlier opens
 * a new connection.
 */
const REUSABLE_AFTER_MS = 1;

export function createConnectionSlots(maxConnections: number, clock: Clock): ConnectionSlots {
  let free = maxConnections;
  // A Set keeps the order of arrival and removes an aborted waiter in constant time.
  const queue = new Set<Waiting>();

  const passOn = (): void => {
    const [next] = queue;
    if (next === undefined) {
      free++;
    } else {
      queue.delete(next);
      next.grant(slot());
    }
  };

  const slot = (): ReleaseSlot => {
    let isHeld = true;
    return () => {
      if (!isHeld) {
        return;
      }
      isHeld = false;
      if (queue.size === 0) {
        free++;
      } else {
        clock.setTimer(REUSABLE_AFTER_MS, passOn, { keepAlive: true });
      }
    };
  };

  return {
    acquire(signal) {
      signal.throwIfAborted();
      if (free > 0) {
        free--;
        return slot();
      }
      return new Promise<ReleaseSlot>((resolve, reject) => {
        const stop = (): void => {
          queue.delete(waiting);
          reject(signal.reason);
        };
        const waiting: Waiting = {
          grant(release) {
            signal.removeEventListener('abort', stop);
            resolve(release);
          },
        };
        signal.addEventListener('abort', stop, { once: true });
        queue.add(waiting);
      });
    },
  };
}

/**
 * Takes a slot, or waits for one. The wait keeps the process alive: an unread response may occupy the last slot, and
 * it does not keep the process alive by itself.
 *
 * @returns the slot, without a promise if one is free
 * @throws the signal's reason if it aborts before a slot is free
 */
export function takeSlot(
  slots: ConnectionSlots,
  clock: Clock,
  signal: AbortSignalLike,
  deadlineMs: number,
): Promise<ReleaseSlot> | ReleaseSlot {
  const taken = slots.acquire(signal);
  return taken instanceof Promise ? waitForSlot(taken, clock, signal, deadlineMs) : taken;
}

async function waitForSlot(
  taken: Promise<ReleaseSlot>,
  clock: Clock,
  signal: AbortSignalLike,
  deadlineMs: number,
): Promise<ReleaseSlot> {
  const timer = clock.setTimer(deadlineMs, () => undefined, { keepAlive: true });
  try {
    const release = await taken;
    if (signal.aborted) {
      // The slot was granted and the call stopped in the same turn of the event loop.
      release();
    }
    signal.throwIfAborted();
    return release;
  } finally {
    timer.cancel();
  }
}
