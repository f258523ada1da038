import { afterEach, describe, expect, test, vi } from 'vitest';
import { CometAPI } from '../../src/index';
import { findDispatcher } from '../../src/transport/find-dispatcher';
import { HeaderList } from '../../src/transport/header-list';
import { createPlatformSend, platformTransport } from '../../src/transport/platform-send';
import type { SendRequest } from '../../src/transport/send';
import { EventLog, someKey } from '../support/call-probe';
import { FaultServer } from '../support/fault-server';
import { CHAT_ANSWER, whole } from '../support/wire-bytes';
import { nodesDispatcher, setGlobalDispatcher } from './dispatchers';

const QUESTION = { method: 'POST', body: '{}', fetchOptions: undefined } as const;

let takeBack: (() => void) | undefined;
let server: FaultServer | undefined;

afterEach(async () => {
  takeBack?.();
  takeBack = undefined;
  vi.unstubAllGlobals();
  vi.unstubAllEnvs();
  await server?.close();
});

/** Passes requests to another dispatcher, as undici's mocks and proxies do. */
class LookingAgent {
  readonly seen: object[] = [];
  readonly #next = nodesDispatcher();

  dispatch(options: object, handler: object): boolean {
    this.seen.push(options);
    return this.#next.dispatch(options, handler);
  }
}

describe('a request', () => {
  test('bypasses Node’s fetch if its body is text, bytes or absent, and uses our dispatcher without timeouts', () => {
    nodesDispatcher();
    const found = findDispatcher(QUESTION);
    expect(found).toEqual({ dispatcher: expect.anything(), hasOwnTimeouts: false, supportsLegacyHandler: true });
    expect(found?.dispatcher).not.toBe(nodesDispatcher());
    for (const body of [new Uint8Array(1), undefined, '']) {
      expect(findDispatcher({ ...QUESTION, body })).toBe(found);
    }
    expect(platformTransport('auto', QUESTION)).toBe('dispatcher');
    expect(platformTransport('fetch', QUESTION)).toBe('fetch');
  });

  test('uses fetch if its body, method or options require fetch', () => {
    const no: readonly Pick<SendRequest, 'method' | 'body' | 'fetchOptions'>[] = [
      { ...QUESTION, body: new ReadableStream() },
      { ...QUESTION, body: new FormData() },
      { ...QUESTION, body: new URLSearchParams('a=b') },
      { ...QUESTION, body: new Blob() },
      { ...QUESTION, fetchOptions: { keepalive: true } },
      { ...QUESTION, fetchOptions: { dispatcher: 'no dispatcher' } },
      { ...QUESTION, method: 'CONNECT' },
      { ...QUESTION, method: 'TRACE' },
    ];
    expect(no.map(findDispatcher)).toEqual(no.map(() => undefined));
  });

  test('uses fetch while fetch is replaced, and bypasses it again afterwards', () => {
    const found = findDispatcher(QUESTION);
    const own = globalThis.fetch;
    for (const fetch of [vi.fn(), own.bind(globalThis), new Proxy(own, {}), undefined]) {
      vi.stubGlobal('fetch', fetch);
      expect(findDispatcher(QUESTION)).toBeUndefined();
    }
    vi.unstubAllGlobals();
    expect(findDispatcher(QUESTION)).toBe(found);
  });

  test('uses a custom dispatcher at once, global or per request, with the timeouts of the dispatcher', () => {
    const mine = new LookingAgent();
    takeBack = setGlobalDispatcher(mine);
    expect(findDispatcher(QUESTION)).toEqual({ dispatcher: mine, hasOwnTimeouts: true, supportsLegacyHandler: false });
    const given = new LookingAgent();
    expect(findDispatcher({ ...QUESTION, fetchOptions: { dispatcher: given } })).toEqual({
      dispatcher: given,
      hasOwnTimeouts: true,
      supportsLegacyHandler: false,
    });
    takeBack();
    expect(findDispatcher(QUESTION)?.hasOwnTimeouts).toBe(false);
    takeBack = setGlobalDispatcher({ without: 'dispatch' });
    expect(findDispatcher(QUESTION)).toBeUndefined();
  });
});

describe('a client', () => {
  async function called(
    options: object,
  ): Promise<{ readonly transport: string | undefined; readonly asked: string | undefined }> {
    server = await FaultServer.start({ steps: [whole(CHAT_ANSWER)] });
    const log = new EventLog();
    const client = new CometAPI({ apiKey: someKey(), baseURL: `${server.origin}/v1`, observers: [log], ...options });
    await client.chat.completions.create({ model: 'm', messages: [] });
    return { transport: log.calls[0]?.settings.transport, asked: server.requests[0]?.headers['accept-encoding'] };
  }

  test('records the transport in its facts, and the request headers match it', async () => {
    expect(await called({})).toEqual({ transport: 'dispatcher', asked: 'identity' });
    expect(await called({ transport: 'fetch' })).toEqual({ transport: 'fetch', asked: 'gzip, deflate' });
    vi.stubEnv('COMETAPI_TRANSPORT', 'fetch');
    expect(await called({})).toEqual({ transport: 'fetch', asked: 'gzip, deflate' });
    expect(await called({ transport: 'auto' })).toEqual({ transport: 'dispatcher', asked: 'identity' });
    const own = globalThis.fetch;
    expect(await called({ fetch: own })).toEqual({ transport: 'custom_fetch', asked: 'gzip, deflate' });
    vi.stubGlobal('fetch', (...parameters: Parameters<typeof fetch>) => own(...parameters));
    expect(await called({ transport: 'auto' })).toEqual({ transport: 'fetch', asked: 'gzip, deflate' });
  });

  test('sends through a dispatcher that is set after the client was created', async () => {
    const agent = new LookingAgent();
    takeBack = setGlobalDispatcher(agent);
    await called({});
    expect(agent.seen).toEqual([
      expect.objectContaining({ origin: server?.origin, path: '/v1/chat/completions', method: 'POST' }),
    ]);
    expect(agent.seen[0]).not.toHaveProperty('headersTimeout');
  });
});

test('a request that cannot bypass fetch is sent through fetch', async () => {
  server = await FaultServer.start({ steps: [whole('{}')] });
  const send = createPlatformSend('auto');
  const { signal } = new AbortController();
  const url = `${server.origin}/v1`;
  const response = await send({
    url,
    method: 'POST',
    headers: new HeaderList(),
    body: new URLSearchParams('a=b'),
    signal,
    fetchOptions: undefined,
  });
  await response.body?.cancel();
  expect([response instanceof Response, server.requests[0]?.body]).toEqual([true, 'a=b']);
});
