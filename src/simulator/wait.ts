/**
 * Resolves after `waitMs`, or when `stop` fires. Never rejects. Clears its timer and removes its listener.
 *
 * @param keepAlive keeps the process alive; needed in memory, where no socket does
 */
export function wait(waitMs: number, stop: AbortSignal, keepAlive: boolean): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) {
      resolve();
      return;
    }
    const finish = (): void => {
      clearTimeout(timer);
      stop.removeEventListener('abort', finish);
      resolve();
    };
    const timer = setTimeout(finish, waitMs);
    if (!keepAlive) {
      timer.unref();
    }
    stop.addEventListener('abort', finish);
  });
}

/** Resolves when `stop` fires. */
export function untilStopped(stop: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (stop.aborted) {
      resolve();
    } else {
      stop.addEventListener('abort', () => resolve(), { once: true });
    }
  });
}
