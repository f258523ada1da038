import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as sendHttp } from 'node:http';
import { Agent as HttpsAgent, request as sendHttps } from 'node:https';
import type { Fetch } from 'cometapi-otel';
import { decodedAnswer } from './decoded-answer';
import { headersBack } from './forwarded-headers';
import { streamOf } from './incoming-stream';

/** As undici has it. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Servers close idle connections after some seconds; a request sent on one that is being closed is lost. */
const IDLE_SOCKET_MS = 4_000;

/** Node takes a proxy from the environment where NODE_USE_ENV_PROXY says so, but not for agents of one's own. */
const proxy = process.env['NODE_USE_ENV_PROXY'] === '1' ? { proxyEnv: process.env } : {};
const AGENT_OPTIONS = { keepAlive: true, maxFreeSockets: 1_024, timeout: IDLE_SOCKET_MS, ...proxy };

/**
 * A fetch that sends exactly the headers it is given: the platform's adds its own accept, user agent and sec-fetch headers.
 * For whole bodies only; follows no redirect. The answer has the headers that may go back, and no others. Its
 * body ends in an error whenever it did not end by itself.
 */
export function createUpstreamFetch(): Fetch {
  const http = new HttpAgent(AGENT_OPTIONS);
  const https = new HttpsAgent(AGENT_OPTIONS);
  return (input, init = {}) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const { promise, resolve, reject } = Promise.withResolvers<Response>();
    const signal = init.signal ?? undefined;
    const body = bytesOf(init.body);
    const options = {
      method: init.method ?? 'GET',
      headers: {
        ...Object.fromEntries(init.headers instanceof Headers ? init.headers : new Headers(init.headers)),
        ...(body !== undefined && { 'content-length': body.byteLength }),
      },
    };
    const request =
      url.protocol === 'https:'
        ? sendHttps(url, { ...options, agent: https })
        : sendHttp(url, { ...options, agent: http });
    const stop = (): void => void request.destroy(asError(signal?.reason));
    const forget = (): void => signal?.removeEventListener('abort', stop);
    if (signal?.aborted) {
      stop();
    }
    signal?.addEventListener('abort', stop, { once: true });
    limitConnecting(request);
    request.on('response', (answer) => {
      answer.once('close', forget);
      try {
        resolve(responseOf(answer));
      } catch (error) {
        answer.destroy();
        reject(error);
      }
    });
    // An upgrade that nobody asked for would leave the request without an end.
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      forget();
      reject(notHttp('an upgrade that nobody asked for'));
    });
    request.on('error', (error) => {
      forget();
      reject(signal?.aborted ? signal.reason : error);
    });
    request.end(body);
    return promise;
  };
}

function responseOf(answer: IncomingMessage): Response {
  const headers = headersBack(pairsOf(answer.rawHeaders), answer.headers.connection ?? null);
  const status = answer.statusCode ?? 0;
  if (status < 200 || status > 599) {
    throw notHttp('a status of no class');
  }
  const hasNoBody = status === 204 || status === 205 || status === 304;
  if (hasNoBody) {
    answer.resume();
  }
  // Reasons outside of the grammar are dropped: no client reads them, and `Response` refuses them.
  const statusText = /^[\t\x20-\x7e]*$/.test(answer.statusMessage ?? '') ? (answer.statusMessage ?? '') : '';
  return new Response(hasNoBody ? null : streamOf(decodedAnswer(answer, headers)), { status, statusText, headers });
}

function* pairsOf(rawHeaders: readonly string[]): Iterable<readonly [string, string]> {
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    yield [rawHeaders[at] ?? '', rawHeaders[at + 1] ?? ''];
  }
}

function limitConnecting(request: ClientRequest): void {
  request.once('socket', (socket) => {
    if (!socket.connecting) {
      return;
    }
    const timer = setTimeout(
      () => request.destroy(Object.assign(new Error('connect timed out'), { code: 'ETIMEDOUT', syscall: 'connect' })),
      CONNECT_TIMEOUT_MS,
    );
    const done = (): void => clearTimeout(timer);
    socket.once('connect', done);
    request.once('close', done);
  });
}

function bytesOf(body: RequestInit['body']): Uint8Array | undefined {
  if (body === undefined || body === null) {
    return undefined;
  }
  if (body instanceof Uint8Array) {
    return body;
  }
  throw new TypeError('The upstream is sent bytes only.');
}

/** With a code as Node's parser has them, which is what tells a fault of the protocol from one of the network. */
function notHttp(what: string): Error {
  return Object.assign(new Error(what), { code: 'HPE_INVALID_ANSWER' });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
