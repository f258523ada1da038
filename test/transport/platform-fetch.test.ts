import { afterEach, expect, test, vi } from 'vitest';
import { chosenFetch, GLOBAL_DISPATCHER, platformFetch } from '../../src/transport/platform-fetch';

type Agent = object;
type AgentClass = new (options?: object) => Agent;

/** Node's own dispatcher is there as soon as anything of its fetch was used. */
function ownDispatcher(): Agent {
  new Headers();
  const found: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof found !== 'object' || found === null) {
    throw new Error('There is no dispatcher.');
  }
  return found;
}

const original = ownDispatcher();
// The class of Node's own dispatcher is that of undici's Agent.
const Agent = original.constructor as AgentClass;

afterEach(() => {
  vi.unstubAllGlobals();
  Reflect.set(globalThis, GLOBAL_DISPATCHER, original);
});

/** What the platform's fetch was given. */
async function dispatcherIn(init?: RequestInit): Promise<unknown> {
  const seen: unknown[] = [];
  vi.stubGlobal('fetch', async (_input: unknown, given: RequestInit = {}) => {
    seen.push('dispatcher' in given ? given.dispatcher : undefined);
    return new Response();
  });
  await platformFetch('http://127.0.0.1/', init);
  return seen[0];
}

test('Node’s limits of 300 s are lifted, with a dispatcher of our own, and only one', async () => {
  const first = await dispatcherIn();
  expect(first).toBeInstanceOf(Agent);
  expect(first).not.toBe(original);
  expect(await dispatcherIn({ method: 'POST' })).toBe(first);
  const options = Object.getOwnPropertySymbols(first).find((symbol) => symbol.description === 'options');
  expect(Reflect.get(Object(first), options ?? '')).toMatchObject({ headersTimeout: 0, bodyTimeout: 0 });
});

test('a dispatcher that somebody configured stays in charge', async () => {
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new Agent({ connections: 3 }));
  expect(await dispatcherIn()).toBe(undefined);
});

test('a dispatcher of another kind stays in charge', async () => {
  class MockAgent {}
  Reflect.set(globalThis, GLOBAL_DISPATCHER, new MockAgent());
  expect(await dispatcherIn()).toBe(undefined);
});

test('a dispatcher that only calls itself Agent stays in charge', async () => {
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

test('a dispatcher of the request itself is left alone', async () => {
  const own = new Agent();
  // undici's own addition to RequestInit.
  expect(await dispatcherIn({ dispatcher: own } as RequestInit)).toBe(own);
});

test('a platform without dispatchers is left alone', async () => {
  Reflect.set(globalThis, GLOBAL_DISPATCHER, undefined);
  expect(await dispatcherIn()).toBe(undefined);
});

test('the global fetch is looked up for each request, and a custom one is used instead', async () => {
  const custom = async (): Promise<Response> => new Response('custom');
  expect(chosenFetch(custom)).toBe(custom);
  vi.stubGlobal('fetch', async () => new Response('replaced'));
  expect(await (await chosenFetch(undefined)('http://127.0.0.1/')).text()).toBe('replaced');
});
