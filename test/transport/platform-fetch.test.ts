import { afterEach, expect, test, vi } from 'vitest';
import { chosenFetch, GLOBAL_DISPATCHER, platformFetch } from '../../src/transport/platform-fetch';

type Agent = object;
type AgentClass = new (options?: object) => Agent;

/** Node creates its dispatcher when any part of fetch is first used. */
function ownDispatcher(): Agent {
  new Headers();
  const found: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof found !== 'object' || found === null) {
    throw new Error('There is no dispatcher.');
  }
  return found;
}

const original = ownDispatcher();
// The class of Node's dispatcher is undici's Agent.
const Agent = original.constructor as AgentClass;

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.set(globalThis, GLOBAL_DISPATCHER, original);
});

/** Returns the dispatcher that the platform's fetch receives. */
async function dispatcherIn(init?: RequestInit): Promise<unknown> {
  const seen: unknown[] = [];
  vi.stubGlobal('fetch', async (_input: unknown, given: RequestInit = {}) => {
    seen.push('dispatcher' in given ? given.dispatcher : undefined);
    return new Response();
  });
  await platformFetch('http://127.0.0.1/', init);
  return seen[0];
}

test('one shared dispatcher of ours removes Node’s timeouts of 300 s', async () => {
  const first = await dispatcherIn();
  expect(first).toBeInstanceOf(Agent);
  expect(first).not.toBe(original);
  expect(await dispatcherIn({ method: 'POST' })).toBe(first);
  const options = Object.getOwnPropertySymbols(first).find((symbol) => symbol.description === 'options');
  expect(Reflect.get(Object(first), options ?? '')).toMatchObject({ headersTimeout: 0, bodyTimeout: 0 });
});

test('a configured dispatcher stays in use', async () => {
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new Agent({ connections: 3 }));
  expect(await dispatcherIn()).toBe(undefined);
});

test('a dispatcher of another class stays in use', async () => {
  class MockAgent {}
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new MockAgent());
  expect(await dispatcherIn()).toBe(undefined);
});

test('a dispatcher of another class named Agent stays in use', async () => {
  const Impostor = class Agent {};
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new Impostor());
  expect(await dispatcherIn()).toBe(undefined);
  const Throwing = class Agent {
    constructor(options: object) {
      Object.keys(options);
    }
  };
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new Throwing({}));
  expect(await dispatcherIn()).toBe(undefined);
});

test('a dispatcher in the request options stays in use', async () => {
  const own = new Agent();
  // undici adds `dispatcher` to RequestInit.
  expect(await dispatcherIn({ dispatcher: own } as RequestInit)).toBe(own);
});

test('a platform without dispatchers uses its fetch unchanged', async () => {
  Reflect.set(globalThis, GLOBAL_DISPATCHER, undefined);
  expect(await dispatcherIn()).toBe(undefined);
});

test('the global fetch is looked up for each request, and a custom fetch replaces it', async () => {
  const custom = async (): Promise<Response> => new Response('custom');
  expect(chosenFetch(custom)).toBe(custom);
  vi.stubGlobal('fetch', async () => new Response('replaced'));
  expect(await (await chosenFetch(undefined)('http://127.0.0.1/')).text()).toBe('replaced');
});
