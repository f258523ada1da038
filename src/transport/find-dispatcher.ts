import type { Dispatcher, DispatcherTraits } from './dispatch';
import { GLOBAL_DISPATCHER, unlimitedDispatcher } from './platform-fetch';
import type { SendRequest } from './send';

/** A dispatcher to send through. */
export interface FoundDispatcher extends DispatcherTraits {
  readonly dispatcher: Dispatcher;
}

/** What decides whether a request can go past fetch. */
export type DispatchQuestion = Pick<SendRequest, 'method' | 'body' | 'fetchOptions'>;

/** Methods that mean something else to a dispatcher than to fetch. */
const METHODS_OF_FETCH: ReadonlySet<string> = new Set(['CONNECT', 'TRACE', 'TRACK']);

/**
 * The dispatcher that Node's own fetch would send `request` with, looked up for each request: a mock, a proxy or a
 * replaced fetch count from the moment they are set. `undefined` where fetch itself is needed, or is not Node's.
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
      return isDispatcher(dispatcher) ? { dispatcher, keepsLimits: true, takesOldHandlers: false } : undefined;
    }
  }
  return ofGlobal(Reflect.get(globalThis, GLOBAL_DISPATCHER));
}

/** What was found out about a global dispatcher; its options never change. */
const found = new WeakMap<object, FoundDispatcher>();

function ofGlobal(current: unknown): FoundDispatcher | undefined {
  if (!isDispatcher(current)) {
    return undefined;
  }
  let known = found.get(current);
  if (known === undefined) {
    const unlimited = unlimitedDispatcher();
    known = isDispatcher(unlimited)
      ? { dispatcher: unlimited, keepsLimits: false, takesOldHandlers: takesOldHandlers(unlimited) }
      : { dispatcher: current, keepsLimits: true, takesOldHandlers: false };
    found.set(current, known);
  }
  return known;
}

/** Asks for nothing, in the old words: who knows them says in them what is wrong with that. */
function takesOldHandlers(dispatcher: Dispatcher): boolean {
  let isTold = false;
  const nothing = (): void => undefined;
  const onError = (): void => {
    isTold = true;
  };
  try {
    dispatcher.dispatch({}, { onConnect: nothing, onHeaders: nothing, onData: nothing, onComplete: nothing, onError });
  } catch {
    return false;
  }
  return isTold;
}

function isDispatcher(value: unknown): value is Dispatcher {
  return typeof value === 'object' && value !== null && typeof Reflect.get(value, 'dispatch') === 'function';
}

/** Where Node 22 to 24 say that their fetch comes from. A spy, a mock and another runtime's fetch say something else. */
const NODE_SOURCE = 'internal/deps/undici/undici';

let asked: unknown;
let isNodes = false;

function isNodeFetch(fetch: unknown): boolean {
  if (fetch !== asked) {
    asked = fetch;
    isNodes = typeof fetch === 'function' && Function.prototype.toString.call(fetch).includes(NODE_SOURCE);
  }
  return isNodes;
}
