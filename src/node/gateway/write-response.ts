import type { IncomingMessage, ServerResponse } from 'node:http';

/** How long, and how much, a client may go on sending a body nobody wants, so that it comes to read the answer. */
const LINGER_MS = 3_000;
const LINGER_BYTES = 128 * 1024 * 1024;

/** Writes an answer as it comes, every chunk at once; never ends cleanly what did not end. */
export async function writeResponse(
  answer: Response,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const reader = answer.body?.getReader();
  if (response.destroyed) {
    await reader?.cancel();
    return;
  }
  const lines = headerLines(answer.headers);
  if (answer.statusText === '') {
    // Node knows the phrase of a status.
    response.writeHead(answer.status, lines);
  } else {
    response.writeHead(answer.status, answer.statusText, lines);
  }
  // A client that has gone wants no more; the call ends as cancelled.
  const stop = (): void => void reader?.cancel().catch(() => undefined);
  response.once('close', stop);
  if (reader === undefined) {
    end(request, response);
    return;
  }
  if (!answer.headers.has('content-length')) {
    // A stream may think for minutes before its first event; a whole answer brings its body along.
    response.flushHeaders();
  }
  try {
    for (let taken = await reader.read(); !taken.done; taken = await reader.read()) {
      if (!response.write(taken.value)) {
        await drained(response);
      }
      if (response.destroyed) {
        return;
      }
    }
    response.off('close', stop);
    end(request, response);
  } catch {
    breakOff(request, response);
  }
}

/** Names in the case they came in are lost with `Headers`; HTTP does not mind. Cookies stay lines of their own. */
function headerLines(headers: Headers): string[] {
  const lines: string[] = [];
  for (const [name, value] of headers) {
    lines.push(name, value);
  }
  return lines;
}

function drained(response: ServerResponse): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      response.off('drain', done);
      response.off('close', done);
      resolve();
    };
    response.once('drain', done);
    response.once('close', done);
  });
}

/**
 * Ends an answer. When the client is still sending, Node would close at once, and the reset would take the answer with it;
 * so the rest is thrown away first, within bounds.
 */
function end(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || request.headers.expect !== undefined) {
    response.end();
    return;
  }
  const timer = setTimeout(() => request.destroy(), LINGER_MS);
  let size = 0;
  request.on('data', (chunk: Buffer) => {
    size += chunk.byteLength;
    if (size > LINGER_BYTES) {
      request.destroy();
    }
  });
  request.once('end', () => response.end());
  request.once('error', () => undefined);
  request.once('close', () => {
    clearTimeout(timer);
    response.end();
  });
}

/** Breaks off an answer so that nobody can take it for whole: what came is sent, then the connection goes. */
function breakOff(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (response.destroyed || socket.destroyed) {
    return;
  }
  if (request.httpVersion === '1.0' && !response.hasHeader('content-length')) {
    // To HTTP/1.0 the end of a connection is the end of the body; only a reset is none.
    setImmediate(() => socket.resetAndDestroy());
    return;
  }
  // Without the last chunk, or short of the content length: an error to every reader of HTTP.
  setImmediate(() => socket.destroySoon());
}
