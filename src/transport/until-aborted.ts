import type { AbortSignalLike } from '../wire/abort-signal-like';

/**
 * Settles like `work`, or rejects with the abort reason as soon as the signal aborts. A custom fetch may ignore its
 * signal, but an aborted call must settle at once.
 *
 * @param onLate receives a value that arrives after the abort, to close it
 */
export function untilAborted<T>(work: Promise<T>, signal: AbortSignalLike, onLate?: (value: T) => void): Promise<T> {
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
