import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, request as sendHttp } from 'node:http';
import { Agent as HttpsAgent, request as sendHttps } from 'node:https';
import type { Fetch } from '../../config/options';
import { streamOf } from '../server/incoming-stream';
import { decodedAnswer } from './decoded-answer';
import { headersBack } from './forwarded-headers';

/** The same as in undici. */
const CONNECT_TIMEOUT_MS = 10_000;
/** Servers close idle connections after a few seconds, and a request sent on a closing connection is lost. */
const IDLE_SOCKET_MS = 4_000;

/** With NODE_USE_ENV_PROXY=1, Node reads proxies from the environment, but only for its global agents. */
const proxy = process.env['NODE_USE_ENV_PROXY'] === '1' ? { proxyEnv: process.env } : {};
const AGENT_OPTIONS = { keepAlive: true, maxFreeSockets: 1_024, timeout: IDLE_SOCKET_MS, ...proxy };

/**
 * Creates a `fetch` that adds no header but `content-length` and Node's connection headers. The platform's `fetch` adds
 * `accept`, `user-agent` and `sec-fetch` headers. Accepts only `Uint8Array` bodies and does not follow redirects. The
 * response contains only the headers that may be sent to the agent. Its body errors if the upstream body is incomplete.
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
    // Without this listener, an unrequested upgrade would leave the promise pending.
    request.on('upgrade', (_answer, socket) => {
      socket.destroy();
      forget();
      reject(notHttp('unrequested upgrade'));
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
    throw notHttp('status outside 200 to 599');
  }
  const hasNoBody = status === 204 || status === 205 || status === 304;
  if (hasNoBody) {
    answer.resume();
  }
  // `Response` rejects an invalid reason phrase, and no client reads it, so drop it.
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
  throw new TypeError('The request body must be a Uint8Array.');
}

/** The code has the prefix of Node's parser errors, which distinguishes protocol errors from network errors. */
function notHttp(what: string): Error {
  return Object.assign(new Error(what), { code: 'HPE_INVALID_ANSWER' });
}

function asError(reason: unknown): Error {
  return reason instanceof Error ? reason : new Error('aborted');
}
