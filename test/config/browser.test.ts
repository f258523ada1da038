import { afterEach, describe, expect, test, vi } from 'vitest';
import { CometAPI } from '../../src/client';
import { API_KEY, configOf, problemsOf } from './config-of';

const REFUSED =
  'The client does not start in a browser, because anyone who opens the page can read the API key. Call CometAPI from your own server, or set dangerouslyAllowBrowser: true.';

afterEach(() => vi.unstubAllGlobals());

const define = (globals: Readonly<Record<string, unknown>>): void => {
  for (const [name, value] of Object.entries(globals)) {
    vi.stubGlobal(name, value);
  }
};

describe('in a browser', () => {
  const page = { window: { document: {} }, navigator: { userAgent: 'Mozilla/5.0' } };

  test('a client refuses to start and gives the reason', () => {
    define(page);
    expect(problemsOf({})).toEqual([REFUSED]);
    expect(problemsOf({ dangerouslyAllowBrowser: false })).toEqual([REFUSED]);
    expect(() => new CometAPI({ apiKey: API_KEY })).toThrow(REFUSED);
  });

  test('a client starts with dangerouslyAllowBrowser: true', () => {
    define(page);
    expect(() => configOf({ dangerouslyAllowBrowser: true })).not.toThrow();
  });

  test.each([
    ['no window', { window: undefined, navigator: {} }],
    ['a window without a document', { window: {}, navigator: {} }],
    ['a window that is the global object of a server', { window: globalThis, navigator: {} }],
    ['no navigator', { window: { document: {} }, navigator: undefined }],
  ])('a platform with %s is not a browser', (_name, globals) => {
    define(globals);
    expect(() => configOf()).not.toThrow();
  });
});

describe('in a browser worker', () => {
  class WorkerGlobalScope {}
  class WorkerNavigator {
    readonly userAgent: string = 'Mozilla/5.0';
  }
  class CloudflareNavigator extends WorkerNavigator {
    override readonly userAgent = 'Cloudflare-Workers';
  }
  const worker = { WorkerGlobalScope, WorkerNavigator, navigator: new WorkerNavigator(), process: undefined };

  /** Returns the problems of a client while the global object has the prototype of a worker. */
  const problemsIn = (globals: Readonly<Record<string, unknown>>): readonly string[] => {
    const original: object = Object.getPrototypeOf(globalThis);
    define(globals);
    Object.setPrototypeOf(globalThis, WorkerGlobalScope.prototype);
    try {
      configOf();
      return [];
    } catch {
      return problemsOf({});
    } finally {
      Object.setPrototypeOf(globalThis, original);
      vi.unstubAllGlobals();
    }
  };

  test('a client refuses to start', () => {
    expect(problemsIn(worker)).toEqual([REFUSED]);
  });

  test.each([
    ['Node', { ...worker, process: { versions: { node: '24.0.0' } } }],
    ['Cloudflare Workers', { ...worker, navigator: new CloudflareNavigator() }],
    ['Deno', { ...worker, Deno: {} }],
    ['Bun', { ...worker, Bun: {} }],
    ['the edge runtime', { ...worker, EdgeRuntime: 'edge-runtime' }],
    ['workerd without its user agent', { ...worker, WebSocketPair: class {} }],
    ['a platform with another navigator class', { ...worker, navigator: {} }],
  ])('%s is not a browser worker', (_name, globals) => {
    expect(problemsIn(globals)).toEqual([]);
  });
});
