import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Reads the body of a request, bounded.
 *
 * @param isWaiting the client asks before it sends (`Expect: 100-continue`): a body that is too large is never sent then
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
        // Every request closes once it is answered; an error has a stack to write, which costs more than the reading.
        if (!request.complete) {
          reject(new Error('The client has gone.'));
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
