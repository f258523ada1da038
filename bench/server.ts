import { once } from 'node:events';
import { createServer, type Server, type ServerResponse } from 'node:http';
import { CASES, MODEL } from './protocol.ts';

/** The server, in a process of its own, so that its CPU is nobody's. Answers are made once; the path says which. */

const usage = { prompt_tokens: 12, completion_tokens: 200, total_tokens: 212 };

function completion(bytes: number): Buffer {
  const base = { id: 'chatcmpl-A1b2C3d4E5f6G7h8', object: 'chat.completion', created: 1_790_000_000, model: MODEL };
  const message = { role: 'assistant', content: 'lorem ipsum '.repeat(bytes / 12), refusal: null };
  return Buffer.from(JSON.stringify({ ...base, choices: [{ index: 0, message, finish_reason: 'stop' }], usage }));
}

function chunk(delta: object, finish: string | null): string {
  const base = {
    id: 'chatcmpl-A1b2C3d4E5f6G7h8',
    object: 'chat.completion.chunk',
    created: 1_790_000_000,
    model: MODEL,
  };
  const choices = [{ index: 0, delta, logprobs: null, finish_reason: finish }];
  return `data: ${JSON.stringify({ ...base, service_tier: 'default', system_fingerprint: 'fp_44709d6fcb', choices, usage: null })}\n\n`;
}

function events(count: number): Buffer {
  const words = Array.from({ length: count - 1 }, (_, index) =>
    chunk({ content: ` word ${index} of an answer that goes on` }, null),
  );
  return Buffer.from([...words, chunk({}, 'stop'), 'data: [DONE]\n\n'].join(''));
}

const json = {
  'content-type': 'application/json',
  'x-request-id': 'req_0123456789abcdef',
  'openai-processing-ms': '12',
};
const sse = { 'content-type': 'text/event-stream; charset=utf-8', 'x-request-id': 'req_0123456789abcdef' };
const json1k = completion(700);
const json50k = completion(50_000);
const sse200 = events(200);
const sse5000 = events(5_000);
const failure = Buffer.from(
  JSON.stringify({ error: { message: 'overloaded', type: 'server_error', code: 'server_error' } }),
);
const PACED_EVENTS = 100;
let openSockets = 0;
let peakSockets = 0;

function whole(response: ServerResponse, headers: Record<string, string>, body: Buffer): void {
  response.writeHead(200, { ...headers, 'content-length': String(body.length) });
  response.end(body);
}

async function paced(response: ServerResponse): Promise<void> {
  response.writeHead(200, sse);
  for (let index = 1; index < PACED_EVENTS; index++) {
    response.write(chunk({ content: ` word ${index} of an answer that goes on` }, null));
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
  response.end(`${chunk({}, 'stop')}data: [DONE]\n\n`);
}

/** Each answer has a port of its own, so that the path is the one people use. */
const nameOf = new Map<number, string>();
const servers = [...new Set(Object.values(CASES).map(({ path }) => path))].map((name) => ({ name, server: serve() }));

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
        case 'sse200':
        case 'sse5000':
          response.writeHead(200, sse);
          response.end(name === 'sse200' ? sse200 : sse5000);
          return;
        case 'paced':
          return void paced(response);
        case 'idle':
          response.writeHead(200, sse);
          response.write(chunk({ content: 'hello' }, null));
          return;
        case 'sockets':
          whole(response, json, Buffer.from(JSON.stringify({ peakSockets })));
          peakSockets = openSockets;
          return;
        default:
          return whole(response, json, json1k);
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
