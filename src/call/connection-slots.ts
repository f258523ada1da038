/** Gives back a slot; calling it again does nothing. */
export type ReleaseSlot = () => void;

/** Bounds requests at once, per client and origin; the rest waits in the order of asking. */
export interface ConnectionSlots {
  /** @throws the signal's reason when it aborts before a slot is free */
  acquire(signal: AbortSignal): Promise<ReleaseSlot> | ReleaseSlot;
}

interface Waiting {
  readonly grant: (release: ReleaseSlot) => void;
}

export function createConnectionSlots(maxConnections: number): ConnectionSlots {
  let free = maxConnections;
  // A Set keeps the order of asking and forgets an aborted waiter in constant time.
  const queue = new Set<Waiting>();

  const slot = (): ReleaseSlot => {
    let isHeld = true;
    return () => {
      if (!isHeld) {
        return;
      }
      isHeld = false;
      const [next] = queue;
      if (next === undefined) {
        free++;
      } else {
        queue.delete(next);
        next.grant(slot());
      }
    };
  };

  return {
    acquire(signal) {
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
