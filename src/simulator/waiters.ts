import type { RecordedRequest } from './recorded-request';

/** The pending `waitFor` calls of a simulator. */
export interface Waiters {
  add(condition: (requests: readonly RecordedRequest[]) => boolean, timeoutMs: number): Promise<void>;
  /** Checks every condition again. */
  check(): void;
  /** Rejects every wait. */
  close(): void;
}

interface Waiter {
  readonly condition: (requests: readonly RecordedRequest[]) => boolean;
  readonly settle: (error?: unknown) => void;
}

/** Creates waiters on the requests that `read` returns. */
export function createWaiters(read: () => readonly RecordedRequest[]): Waiters {
  const waiting = new Set<Waiter>();

  function ask(waiter: Waiter): void {
    try {
      if (waiter.condition(read())) {
        waiter.settle();
      }
    } catch (error) {
      // If the condition throws, reject the waiting test, not the request that triggered the check.
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
          () =>
            settle(
              new Error(`simulator.waitFor: the condition was not met within ${timeoutMs} ms (option timeoutMs).`),
            ),
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
