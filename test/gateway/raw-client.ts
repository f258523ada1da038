import { connect, type Socket } from 'node:net';

/** The bytes and the end of a raw connection. */
export interface RawAnswer {
  /** All received bytes, as Latin-1. */
  readonly text: string;
  readonly status: number;
  /** By lower-case name. The last line wins. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The state of the connection: closed normally, reset, or still open. */
  readonly end: 'end' | 'reset' | 'open';
}

export interface RawClient {
  readonly socket: Socket;
  write(bytes: string | Uint8Array): void;
  /** Returns all bytes received so far. */
  text(): string;
  /** Resolves when `text()` contains `part`. */
  seen(part: string): Promise<void>;
  /** Resolves when the connection has ended. */
  ended(): Promise<RawAnswer>;
  answer(): RawAnswer;
}

/** Opens a TCP connection that sends the given bytes unchanged. */
export async function openRaw(port: number, host = '127.0.0.1'): Promise<RawClient> {
  const socket = connect({ port, host });
  let text = '';
  let end: RawAnswer['end'] = 'open';
  const waiting = new Set<() => void>();
  const changed = (): void => {
    for (const check of waiting) {
      check();
    }
  };
  socket.setEncoding('latin1');
  socket.on('data', (chunk: string) => {
    text += chunk;
    changed();
  });
  socket.on('end', () => {
    end = 'end';
    changed();
  });
  socket.on('error', () => {
    end = 'reset';
  });
  socket.on('close', () => {
    if (end === 'open') {
      end = 'reset';
    }
    changed();
  });
  const until = (condition: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (condition()) {
          waiting.delete(check);
          resolve();
        }
      };
      waiting.add(check);
      check();
    });
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve);
    socket.once('error', reject);
  });
  const answer = (): RawAnswer => ({ ...parse(text), text, end });
  return {
    socket,
    write: (bytes) => void socket.write(bytes),
    text: () => text,
    seen: (part) => until(() => text.includes(part)),
    async ended() {
      await until(() => end !== 'open');
      return answer();
    },
    answer,
  };
}

/** Sends one request and waits for the end of the connection. */
export async function sendRaw(port: number, request: string | Uint8Array, host?: string): Promise<RawAnswer> {
  const client = await openRaw(port, host);
  client.write(request);
  return client.ended();
}

/** Returns a request as text, with `connection: close` by default. */
export function rawRequest(line: string, headers: Readonly<Record<string, string>>, body = ''): string {
  const lines = Object.entries({
    connection: 'close',
    ...(body !== '' && { 'content-length': String(Buffer.byteLength(body)) }),
    ...headers,
  });
  return `${line} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`;
}

function parse(text: string): Pick<RawAnswer, 'status' | 'headers' | 'body'> {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const [line = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((entry) => [
      entry.slice(0, entry.indexOf(':')).toLowerCase(),
      entry.slice(entry.indexOf(':') + 1).trim(),
    ]),
  );
  return { status: Number(line.split(' ')[1] ?? 0), headers, body: rest.join('\r\n\r\n') };
}
