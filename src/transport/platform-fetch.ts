import type { Fetch } from '../config/options';

/** The key of the dispatcher that Node's fetch uses. It is undocumented, so every use has a fallback. */
export const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

type DispatcherConstructor = new (options?: { headersTimeout: number; bodyTimeout: number }) => object;

/** Per dispatcher class: our instance without timeouts, and the default options of the class. */
interface Known {
  readonly own: object;
  readonly defaults: Readonly<Record<string, unknown>>;
}

const known = new WeakMap<DispatcherConstructor, Known>();

/**
 * The platform's fetch without its timeouts of 300 s to the headers and between two body chunks. The call enforces its
 * own timeouts. A dispatcher that the user set or configured (proxy, mock, certificates) stays in use, and so do its
 * timeouts.
 */
export function platformFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const dispatcher = 'dispatcher' in init ? undefined : unlimitedDispatcher();
  // undici adds `dispatcher` to RequestInit.
  return globalThis.fetch(input, dispatcher === undefined ? init : ({ ...init, dispatcher } as RequestInit));
}

/** Returns the custom fetch, or the platform's. */
export function chosenFetch(custom: Fetch | undefined): Fetch {
  return custom ?? platformFetch;
}

/** Returns our dispatcher without timeouts, or `undefined` if the global dispatcher is not the default one. */
export function unlimitedDispatcher(): object | undefined {
  const current: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof current !== 'object' || current === null || current.constructor.name !== 'Agent') {
    return undefined;
  }
  // The name identifies the class. `knowledgeOf` handles the error of a class with another constructor.
  const { own, defaults } = knowledgeOf(current.constructor as DispatcherConstructor) ?? {};
  const options = optionsOf(current);
  return defaults !== undefined && options !== undefined && isEqual(options, defaults) ? own : undefined;
}

function knowledgeOf(Dispatcher: DispatcherConstructor): Known | undefined {
  const found = known.get(Dispatcher);
  if (found !== undefined) {
    return found;
  }
  try {
    const defaults = optionsOf(new Dispatcher());
    if (defaults === undefined) {
      return undefined;
    }
    const made = { own: new Dispatcher({ headersTimeout: 0, bodyTimeout: 0 }), defaults };
    known.set(Dispatcher, made);
    return made;
  } catch {
    return undefined;
  }
}

/** Returns the options of a dispatcher. The default options differ between versions of undici. */
function optionsOf(dispatcher: object): Readonly<Record<string, unknown>> | undefined {
  const key = Object.getOwnPropertySymbols(dispatcher).find((symbol) => symbol.description === 'options');
  const options: unknown = key === undefined ? undefined : Reflect.get(dispatcher, key);
  // The cast is safe: every option is `unknown`.
  return typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : undefined;
}

function isEqual(options: Readonly<Record<string, unknown>>, defaults: Readonly<Record<string, unknown>>): boolean {
  return [...Object.keys(options), ...Object.keys(defaults)].every((name) => options[name] === defaults[name]);
}
