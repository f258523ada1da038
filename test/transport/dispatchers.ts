import type { Dispatcher } from '../../src/transport/dispatch';

const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** What Node's fetch stands on. */
export function nodesDispatcher(): Dispatcher {
  // Loads what fetch is made of, and with it the dispatcher.
  new Headers();
  const found: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof found !== 'object' || found === null || !('dispatch' in found)) {
    throw new TypeError('This Node has no dispatcher.');
  }
  // Just looked at.
  return found as Dispatcher;
}

const WORDS_OF_UNDICI_6 = ['onConnect', 'onHeaders', 'onData', 'onComplete', 'onError'] as const;

/** The same dispatcher, which knows a handler only by the names that undici 6 gives its methods; 7 takes those too. */
export function inWordsOfUndici6(dispatcher: Dispatcher): Dispatcher {
  return {
    dispatch(options, handler) {
      const old = Object.fromEntries(
        WORDS_OF_UNDICI_6.map((name) => [
          name,
          (...parts: unknown[]) => Reflect.apply(methodOf(handler, name), handler, parts),
        ]),
      );
      return dispatcher.dispatch(options, old);
    },
  };
}

function methodOf(handler: object, name: string): (...parts: unknown[]) => unknown {
  const method: unknown = Reflect.get(handler, name);
  if (typeof method !== 'function') {
    throw new TypeError(`The handler has no ${name}.`);
  }
  // A function takes what it is given.
  return method as (...parts: unknown[]) => unknown;
}

/** Sets the global dispatcher, as undici's `setGlobalDispatcher` does; gives what takes it back. */
export function setGlobalDispatcher(dispatcher: object): () => void {
  const before: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  Reflect.set(globalThis, GLOBAL_DISPATCHER, dispatcher);
  return () => void Reflect.set(globalThis, GLOBAL_DISPATCHER, before);
}
