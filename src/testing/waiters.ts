import type { RecordedRequest } from './recorded-request';

/** Tests that wait for a condition. */
export interface Waiters {
  add(condition: (requests: readonly RecordedRequest[]) => boolean, timeoutMs: number): Promise<void>;
  /** Asks every condition again. */
  check(): void;
  /** Ends every wait with an error. */
  close(): void;
}

interface Waiter {
  readonly condition: (requests: readonly RecordedRequest[]) => boolean;
  readonly settle: (error?: unknown) => void;
}

/** Waits on the requests that `read` gives. */
export function createWaiters(read: () => readonly RecordedRequest[]): Waiters {
  const waiting = new Set<Waiter>();

  function ask(waiter: Waiter): void {
    try {
      if (waiter.condition(read())) {
        waiter.settle();
      }
    } catch (error) {
      // A condition that throws is the test's mistake: it belongs to the one who waits, not to the request being served.
      waiter.settle(error);
    }
  }

  return {
    add: (condition, timeoutMs) =>
      new Promise((resolve, reject) => {
        const settle = (error?: unknown): void => {
          clearTimeout(timer);
          waiting.delete(waiter);
          if (error === undefined) {
            resolve();
          } else {
            reject(error);
          }
        };
        const timer = setTimeout(
          () => settle(new Error(`simulator.waitFor: the condition did not hold within ${timeoutMs} ms.`)),
          timeoutMs,
        );
        const waiter: Waiter = { condition, settle };
        waiting.add(waiter);
        ask(waiter);
      }),
    check() {
      for (const waiter of [...waiting]) {
        ask(waiter);
      }
    },
    close() {
      for (const waiter of [...waiting]) {
        waiter.settle(new Error('simulator.waitFor: the simulator was closed.'));
      }
    },
  };
}
