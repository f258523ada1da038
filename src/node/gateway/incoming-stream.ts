import type { Readable } from 'node:stream';

/**
 * A web stream over a Node one. It errors only after everything that came before has been read: `Readable.toWeb` drops what
 * is queued when a connection breaks, and with it the last words before a cut.
 */
export function streamOf(source: Readable): ReadableStream<Uint8Array> {
  let broken: unknown;
  let wake: (() => void) | undefined;
  const changed = (): void => wake?.();
  source.on('readable', changed);
  source.on('end', changed);
  source.on('error', (error) => {
    broken ??= error;
    changed();
  });
  source.on('close', () => {
    if (!source.readableEnded) {
      broken ??= Object.assign(new Error('closed before its end'), { code: 'ECONNRESET' });
    }
    changed();
  });

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        for (;;) {
          const chunk: Uint8Array | null = source.read();
          if (chunk !== null) {
            controller.enqueue(chunk);
            return;
          }
          if (source.readableEnded) {
            controller.close();
            return;
          }
          if (broken !== undefined) {
            controller.error(broken);
            return;
          }
          await new Promise<void>((resolve) => {
            wake = resolve;
          });
        }
      },
      cancel() {
        source.destroy();
      },
    },
    // Read only when asked, so that a slow client slows the upstream down.
    { highWaterMark: 0 },
  );
}
