import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { CASES, type Case, MODEL, type StreamCase } from './protocol.ts';
import { STREAM_SHAPES } from './stream-shapes.ts';

/**
 * The server. It runs in its own process, so that its CPU time is not counted for a client. Each answer is built once.
 */

const usage = { prompt_tokens: 12, completion_tokens: 200, total_tokens: 212 };

function completion(bytes: number): Buffer {
  const base = { id: 'chatcmpl-A1b2C3d4E5f6G7h8', object: 'chat.completion', created: 1_790_000_000, model: MODEL };
  const message = { role: 'assistant', content: 'lorem ipsum '.repeat(bytes / 12), refusal: null };
  return Buffer.from(JSON.stringify({ ...base, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
}

const json = {
  'content-type': 'application/json',
  'x-request-id': 'req_0123456789abcdef',
  'openai-processing-ms': '12',
};
const sse = { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_0123456789abcdef' };
const json1k = completion(700);
const json50k = completion(50_000);
const failure = Buffer.from(
  JSON.stringify({ error: { message: 'overloaded', type: 'server_error', code: 'server_error' } }),
);
const PAUSE_MS = 2;
let openSockets = 0;
let peakSockets = 0;

function whole(response: ServerResponse, headers: Record<string, string>, body: Buffer): void {
  response.writeHead(200, { ...headers, 'content-length': String(body.length) });
  response.end(body);
}

/** The writes of a stream: one write, or a few events in each. */
function writesOf({ shape, events, eventsPerRead }: StreamCase): readonly Buffer[] {
  const items = STREAM_SHAPES[shape](events);
  const size = eventsPerRead ?? items.length;
  return Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    Buffer.from(items.slice(index * size, (index + 1) * size).join('')),
  );
}

const cases: readonly Case[] = Object.values(CASES);
const writesByPath = new Map(
  cases.flatMap(({ path, stream }) => (stream === undefined ? [] : [[path, writesOf(stream)] as const])),
);

async function sendStream(response: ServerResponse, writes: readonly Buffer[]): Promise<void> {
  response.writeHead(200, sse);
  for (const [index, write] of writes.entries()) {
    if (index > 0) {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    response.write(write);
  }
  response.end();
}

/** Each answer has its own port, so that every client requests the usual path. */
const nameOf = new Map<number, string>();
const servers = [...new Set(cases.map(({ path }) => path))].map((name) => ({ name, server: serve() }));

function serve(): Server {
  const server = createServer({ keepAliveTimeout: 60_000, noDelay: true }, (request, response) => {
    request.resume();
    request.on('end', () => {
      const name = request.url === '/sockets' ? 'sockets' : (nameOf.get(request.socket.localPort ?? 0) ?? '');
      const sends = Number(request.headers['x-stainless-retry-count'] ?? 0);
      if (name.startsWith('retry') && sends < Number(name.slice(5))) {
        response
          .writeHead(503, { ...json, 'retry-after-ms': '1', 'content-length': String(failure.length) })
          .end(failure);
        return;
      }
      switch (name) {
        case 'json50k':
          return whole(response, json, json50k);
        case 'idle':
          response.writeHead(200, sse);
          response.write(writesByPath.get(name)?.[0]?.subarray(0, 400) ?? '');
          return;
        case 'sockets':
          whole(response, json, Buffer.from(JSON.stringify({ peakSockets })));
          peakSockets = openSockets;
          return;
        default: {
          const writes = writesByPath.get(name);
          return writes === undefined ? whole(response, json, json1k) : void sendStream(response, writes);
        }
      }
    });
  });
  server.on('connection', (socket) => {
    openSockets++;
    peakSockets = Math.max(peakSockets, openSockets);
    socket.on('close', () => openSockets--);
  });
  return server;
}

for (const { name, server } of servers) {
  server.listen({ port: 0, host: '127.0.0.1', backlog: 4_096 });
  await once(server, 'listening');
  const address = server.address();
  nameOf.set(typeof address === 'object' && address !== null ? address.port : 0, name);
}
process.send?.({ origins: Object.fromEntries([...nameOf].map(([port, name]) => [name, `http://127.0.0.1:${port}`])) });
