/** The only reader of a byte stream that a controller can abort. */
export interface AbortableSource {
  /**
   * Returns the next bytes, or `undefined` at the end and after an abort.
   *
   * @throws the error of the source, unless the abort caused it
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Releases the stream. Aborts the controller if the stream was not read to its end.
   *
   * @param isWhole true if the stream was read to the end of its protocol
   */
  close(isWhole: boolean): void;
}

export function createSource(readable: ReadableStream<Uint8Array>, controller: AbortController): AbortableSource {
  const reader = readable.getReader();
  const { signal } = controller;
  let hasEnded = false;
  let isCancelled = false;

  const cancel = (): void => {
    if (!hasEnded && !isCancelled) {
      isCancelled = true;
      // If the cancellation fails, the abort lets the owner of the source close it.
      reader.cancel().catch(() => controller.abort());
    }
  };
  // Cancel in a microtask. Otherwise it hides an error that the source reports at the same time.
  const onAbort = (): void => queueMicrotask(cancel);
  signal.addEventListener('abort', onAbort, { once: true });

  return {
    async read() {
      if (signal.aborted) {
        cancel();
        return undefined;
      }
      try {
        const { done, value } = await reader.read();
        hasEnded = done && !isCancelled;
        return done || signal.aborted ? undefined : value;
      } catch (error) {
        hasEnded = true;
        if (signal.aborted && (error === signal.reason || isAbortError(error))) {
          return undefined;
        }
        throw error;
      }
    },
    close(isWhole) {
      signal.removeEventListener('abort', onAbort);
      cancel();
      reader.releaseLock();
      if (!isWhole) {
        controller.abort();
      }
    },
  };
}

function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === 'AbortError';
}
