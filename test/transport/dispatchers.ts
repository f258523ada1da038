import type { Dispatcher } from '../../src/transport/dispatch';

const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

/** The dispatcher of Node's fetch. */
export function nodesDispatcher(): Dispatcher {
  // Loads the implementation of fetch, which sets the global dispatcher.
  new Headers();
  const found: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof found !== 'object' || found === null || !('dispatch' in found)) {
    throw new TypeError('This version of Node has no global dispatcher.');
  }
  // The check above proves the type.
  return found as Dispatcher;
}

const WORDS_OF_UNDICI_6 = ['onConnect', 'onHeaders', 'onData', 'onComplete', 'onError'] as const;

/** The same dispatcher, but it calls only the handler methods of undici 6. Undici 7 supports these too. */
export function asLegacyHandler(dispatcher: Dispatcher): Dispatcher {
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
  // The check above proves that it is a function.
  return method as (...parts: unknown[]) => unknown;
}

/** Sets the global dispatcher, as undici's `setGlobalDispatcher` does. Returns a function that restores the old one. */
export function setGlobalDispatcher(dispatcher: object): () => void {
  const before: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  Reflect.set(globalThis, GLOBAL_DISPATCHER, dispatcher);
  return () => void Reflect.set(globalThis, GLOBAL_DISPATCHER, before);
}
