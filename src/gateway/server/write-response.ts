import type { IncomingMessage, ServerResponse } from 'node:http';

/** Limits for discarding an unread request body. A client that is still sending reads the response only afterwards. */
const DRAIN_MS = 3_000;
const LINGER_BYTES = 128 * 1024 * 1024;

/** Writes a response and flushes every chunk. If the body errors, the connection is aborted, never ended cleanly. */
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
    // Node adds the standard reason phrase.
    response.writeHead(answer.status, lines);
  } else {
    response.writeHead(answer.status, answer.statusText, lines);
  }
  // When the client disconnects, cancel the upstream body. The call ends as cancelled.
  const stop = (): void => void reader?.cancel().catch(() => undefined);
  response.once('close', stop);
  if (reader === undefined) {
    end(request, response);
    return;
  }
  if (!answer.headers.has('content-length')) {
    // Minutes may pass before a stream's first event, so send the headers now.
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

/** `Headers` lowercases names, which HTTP allows. Each `set-cookie` stays a separate line. */
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
 * Ends a response. If the client is still sending, Node would close the connection, and the reset could discard the
 * response. So the rest of the request body is read and discarded first, up to a limit.
 */
function end(request: IncomingMessage, response: ServerResponse): void {
  if (request.complete || request.headers.expect !== undefined) {
    response.end();
    return;
  }
  const timer = setTimeout(() => request.destroy(), DRAIN_MS);
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

/** Marks a response as incomplete for the client: sends the received data, then closes the connection abnormally. */
function breakOff(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  if (response.destroyed || socket.destroyed) {
    return;
  }
  if (request.httpVersion === '1.0' && !response.hasHeader('content-length')) {
    // In HTTP/1.0 a closed connection ends the body. Only a reset signals an error.
    setImmediate(() => socket.resetAndDestroy());
    return;
  }
  // The last chunk is missing, or the body is shorter than its content length. HTTP clients report an error.
  setImmediate(() => socket.destroySoon());
}
