import type { Dispatcher, DispatcherTraits } from './dispatch';
import { GLOBAL_DISPATCHER, unlimitedDispatcher } from './platform-fetch';
import type { SendRequest } from './send';

/** A dispatcher that can send a request, and its features. */
export interface FoundDispatcher extends DispatcherTraits {
  readonly dispatcher: Dispatcher;
}

/** The parts of a request that decide if it can bypass fetch. */
export type DispatchQuestion = Pick<SendRequest, 'method' | 'body' | 'fetchOptions'>;

/** Methods that fetch refuses or a dispatcher treats differently. */
const METHODS_OF_FETCH: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * Returns the dispatcher that Node's fetch would use. The lookup runs for each request, so a mock, a proxy or a
 * replaced fetch takes effect at once. Returns `undefined` if the request needs fetch, or if fetch is not Node's.
 */
export function findDispatcher({ method, body, fetchOptions }: DispatchQuestion): FoundDispatcher | undefined {
  const isPlain = body === undefined || typeof body === 'string' || body instanceof Uint8Array;
  if (!isPlain || METHODS_OF_FETCH.has(method) || !isNodeFetch(globalThis.fetch)) {
    return undefined;
  }
  if (fetchOptions !== undefined) {
    const { dispatcher, ...others } = fetchOptions;
    if (Object.values(others).some((option) => option !== undefined)) {
      return undefined;
    }
    if (dispatcher !== undefined) {
      return isDispatcher(dispatcher) ? { dispatcher, hasOwnTimeouts: true, supportsLegacyHandler: false } : undefined;
    }
  }
  return ofGlobal(Reflect.get(globalThis, GLOBAL_DISPATCHER));
}

/** Results by global dispatcher. A cached result stays valid, because the options of a dispatcher never change. */
const found = new WeakMap<object, FoundDispatcher>();

function ofGlobal(current: unknown): FoundDispatcher | undefined {
  if (!isDispatcher(current)) {
    return undefined;
  }
  let known = found.get(current);
  if (known === undefined) {
    const unlimited = unlimitedDispatcher();
    known = isDispatcher(unlimited)
      ? { dispatcher: unlimited, hasOwnTimeouts: false, supportsLegacyHandler: supportsLegacyHandler(unlimited) }
      : { dispatcher: current, hasOwnTimeouts: true, supportsLegacyHandler: false };
    found.set(current, known);
  }
  return known;
}

/** Feature-detects the handler API of undici 6: sends an empty request and checks if `onError` is called. */
function supportsLegacyHandler(dispatcher: Dispatcher): boolean {
  let isSupported = false;
  const nothing = (): void => undefined;
  const onError = (): void => {
    isSupported = true;
  };
  try {
    dispatcher.dispatch({}, { onConnect: nothing, onHeaders: nothing, onData: nothing, onComplete: nothing, onError });
  } catch {
    return false;
  }
  return isSupported;
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'dispatch') === 'function';
}

/** Part of the source text of fetch in Node 22 to 24. A spy, a mock or the fetch of another runtime lacks it. */
const NODE_SOURCE = 'internal/deps/undici/undici';

let checkedFetch: unknown;
let isNodes = false;

function isNodeFetch(fetch: unknown): boolean {
  if (fetch !== checkedFetch) {
    checkedFetch = fetch;
    isNodes = typeof fetch === 'function' && Function.prototype.toString.call(fetch).includes(NODE_SOURCE);
  }
  return isNodes;
}
