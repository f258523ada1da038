import type { StopSignal } from '../wire/stop-signal';
/**
 * The outcome of `work`, or the signal's reason as soon as it aborts: a custom fetch need not watch the signal.
 *
 * @param onLate told of a value that came after the abort, so that it can be ended
 */
export function untilAborted<T>(work: Promise<T>, signal: StopSignal, onLate?: (value: T) => void): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const stop = (): void => reject(signal.reason);
    const forget = (): void => signal.removeEventListener('abort', stop);
    if (signal.aborted) {
      stop();
    }
    signal.addEventListener('abort', stop, { once: true });
    work.then(
      (value) => {
        forget();
        if (signal.aborted) {
          onLate?.(value);
        }
        resolve(value);
      },
      (error: unknown) => {
        forget();
        reject(error);
      },
    );
  });
}
