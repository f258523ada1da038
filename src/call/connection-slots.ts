import type { StopSignal } from '../wire/stop-signal';
import type { Clock } from './clock';

/** Gives back a slot; calling it again does nothing. */
export type ReleaseSlot = () => void;

/** Bounds requests at once, per client and origin; the rest waits in the order of asking. */
export interface ConnectionSlots {
  /** @throws the signal's reason when it aborts before a slot is free */
  acquire(signal: StopSignal): Promise<ReleaseSlot> | ReleaseSlot;
}

interface Waiting {
  readonly grant: (release: ReleaseSlot) => void;
}

/** A connection whose answer has ended can be used again only after a turn of the event loop; until then a request would open another. */
const REUSABLE_AFTER_MS = 1;

export function createConnectionSlots(maxConnections: number, clock: Clock): ConnectionSlots {
  let free = maxConnections;
  // A Set keeps the order of asking and forgets an aborted waiter in constant time.
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
 * Waits for a slot. The process stays alive meanwhile: an answer nobody reads may hold the last slot, and nothing else
 * would be left to wait for.
 *
 * @throws the signal's reason when it aborts before there is a slot
 */
export function takeSlot(
  slots: ConnectionSlots,
  clock: Clock,
  signal: StopSignal,
  deadlineMs: number,
): Promise<ReleaseSlot> | ReleaseSlot {
  const taken = slots.acquire(signal);
  return taken instanceof Promise ? waitForSlot(taken, clock, signal, deadlineMs) : taken;
}

async function waitForSlot(
  taken: Promise<ReleaseSlot>,
  clock: Clock,
  signal: StopSignal,
  deadlineMs: number,
): Promise<ReleaseSlot> {
  const timer = clock.setTimer(deadlineMs, () => undefined, { keepAlive: true });
  try {
    const release = await taken;
    if (signal.aborted) {
      // Granted and stopped in the same turn.
      release();
    }
    signal.throwIfAborted();
    return release;
  } finally {
    timer.cancel();
  }
}
