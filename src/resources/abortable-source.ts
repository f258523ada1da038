/** One reader of a stream of bytes that a controller may abort. */
export interface AbortableSource {
  /**
   * The next bytes; `undefined` at the end, and once the controller has aborted.
   *
   * @throws the source's own error, unless it is the abort come back
   */
  read(): Promise<Uint8Array | undefined>;
  /**
   * Lets the stream go. Where it was not read to the end of its protocol, that is an abort.
   *
   * @param isWhole whether everything was read that there was to read
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
      // What cannot be cancelled is for its owner to destroy.
      reader.cancel().catch(() => controller.abort());
    }
  };
  // A turn later: an error that the source tells in the same turn is told, not covered by the cancellation.
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
