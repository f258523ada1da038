/**
 * Resolves after `waitMs`, or at once when `stop` fires; never rejects. The timer is cleared and the listener removed.
 *
 * @param keepAlive whether the process may not end meanwhile: a call in memory has no socket that would keep it alive
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
