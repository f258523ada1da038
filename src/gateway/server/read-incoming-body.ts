import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Creates a function that reads the request body up to a limit.
 *
 * @param isWaiting true if the client sent `Expect: 100-continue`. It then does not send a body that is too large.
 */
export function createBodyReader(
  request: IncomingMessage,
  response: ServerResponse,
  isWaiting: boolean,
): (maxBytes: number) => Promise<Uint8Array<ArrayBuffer> | 'too_large'> {
  return async (maxBytes) => {
    if (Number(request.headers['content-length'] ?? 0) > maxBytes) {
      return 'too_large';
    }
    if (isWaiting) {
      response.writeContinue();
    }
    const chunks: Buffer[] = [];
    let size = 0;
    return new Promise((resolve, reject) => {
      const done = (result: Uint8Array<ArrayBuffer> | 'too_large'): void => {
        request.off('data', take);
        resolve(result);
      };
      const take = (chunk: Buffer): void => {
        size += chunk.byteLength;
        if (size > maxBytes) {
          done('too_large');
          return;
        }
        chunks.push(chunk);
      };
      request.on('data', take);
      request.once('end', () => done(joined(chunks, size)));
      request.once('error', reject);
      request.once('close', () => {
        // Every request emits `close`. Create the error only when needed: its stack costs more than reading the body.
        if (!request.complete) {
          reject(new Error('The client disconnected.'));
        }
      });
    });
  };
}

function joined(chunks: readonly Buffer[], size: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return whole;
}
