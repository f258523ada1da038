import { afterEach, describe, expect, test, vi } from 'vitest';
import { CometAPI } from '../../src/index';
import { findDispatcher } from '../../src/transport/find-dispatcher';
import { HeaderFields } from '../../src/transport/header-fields';
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

/** Like undici's mocks and proxies: takes requests and gives them to another. */
class LookingAgent {
  readonly seen: object[] = [];
  readonly #next = nodesDispatcher();

  dispatch(options: object, handler: object): boolean {
    this.seen.push(options);
    return this.#next.dispatch(options, handler);
  }
}

describe('whether a request goes past fetch', () => {
  test('it does with Node’s own fetch and a body that is text, bytes or none; through a private dispatcher without limits', () => {
    nodesDispatcher();
    const found = findDispatcher(QUESTION);
    expect(found).toEqual({ dispatcher: expect.anything(), keepsLimits: false, takesOldHandlers: true });
    expect(found?.dispatcher).not.toBe(nodesDispatcher());
    for (const body of [new Uint8Array(1), undefined, '']) {
      expect(findDispatcher({ ...QUESTION, body })).toBe(found);
    }
    expect(platformTransport('auto', QUESTION)).toBe('dispatcher');
    expect(platformTransport('fetch', QUESTION)).toBe('fetch');
  });

  test('it does not with a body fetch must make sense of, options of fetch, or methods of its own', () => {
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

  test('it does not when somebody has replaced fetch, and does again when it is Node’s', () => {
    const found = findDispatcher(QUESTION);
    const own = globalThis.fetch;
    for (const fetch of [vi.fn(), own.bind(globalThis), new Proxy(own, {}), undefined]) {
      vi.stubGlobal('fetch', fetch);
      expect(findDispatcher(QUESTION)).toBeUndefined();
    }
    vi.unstubAllGlobals();
    expect(findDispatcher(QUESTION)).toBe(found);
  });

  test('a dispatcher that was set globally, or with the request, is used from that moment, with its own limits', () => {
    const mine = new LookingAgent();
    takeBack = setGlobalDispatcher(mine);
    expect(findDispatcher(QUESTION)).toEqual({ dispatcher: mine, keepsLimits: true, takesOldHandlers: false });
    const given = new LookingAgent();
    expect(findDispatcher({ ...QUESTION, fetchOptions: { dispatcher: given } })).toEqual({
      dispatcher: given,
      keepsLimits: true,
      takesOldHandlers: false,
    });
    takeBack();
    expect(findDispatcher(QUESTION)?.keepsLimits).toBe(false);
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

  test('says in its facts how its requests left, and the server can tell', async () => {
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

  test('gives its requests to a dispatcher of the user, at the last moment', async () => {
    const agent = new LookingAgent();
    takeBack = setGlobalDispatcher(agent);
    await called({});
    expect(agent.seen).toEqual([
      expect.objectContaining({ origin: server?.origin, path: '/v1/chat/completions', method: 'POST' }),
    ]);
    expect(agent.seen[0]).not.toHaveProperty('headersTimeout');
  });
});

test('what cannot go past fetch goes through it', async () => {
  server = await FaultServer.start({ steps: [whole('{}')] });
  const send = createPlatformSend('auto');
  const { signal } = new AbortController();
  const url = `${server.origin}/v1`;
  const response = await send({
    url,
    method: 'POST',
    headers: new HeaderFields(),
    body: new URLSearchParams('a=b'),
    signal,
    fetchOptions: undefined,
  });
  await response.body?.cancel();
  expect([response instanceof Response, server.requests[0]?.body]).toEqual([true, 'a=b']);
});
