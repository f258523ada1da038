import type { Readable } from 'node:stream';

/**
 * Converts a Node stream to a web stream. It errors only after all earlier data has been read. `Readable.toWeb` drops
 * queued data when a connection breaks, which loses the last events before a cut.
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
    // No read-ahead: a slow client slows the upstream.
    { highWaterMark: 0 },
  );
}
