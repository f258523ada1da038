import type { Fetch } from '../config/options';

/** Where Node's own fetch keeps its dispatcher; well known, not documented, so everything here falls back. */
export const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

type DispatcherConstructor = new (options?: { headersTimeout: number; bodyTimeout: number }) => object;

/** What a class of dispatchers gives: a private one without limits, and what one looks like that nobody configured. */
interface Known {
  readonly own: object;
  readonly defaults: Readonly<Record<string, unknown>>;
}

const known = new WeakMap<DispatcherConstructor, Known>();

/**
 * The platform's fetch, without its own limits of 300 s to the headers and between two body chunks: ours rule.
 * A dispatcher that somebody set or configured (proxy, mock, certificates) is left in charge, with its limits.
 */
export function platformFetch(input: string | URL | Request, init: RequestInit = {}): Promise<Response> {
  const dispatcher = 'dispatcher' in init ? undefined : unlimitedDispatcher();
  // `dispatcher` is undici's own addition to RequestInit.
  return globalThis.fetch(input, dispatcher === undefined ? init : ({ ...init, dispatcher } as RequestInit));
}

/** The fetch that is in use. */
export function chosenFetch(custom: Fetch | undefined): Fetch {
  return custom ?? platformFetch;
}

/** Ours without limits, where the global dispatcher is the default one; `undefined` where somebody set another. */
export function unlimitedDispatcher(): object | undefined {
  const current: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof current !== 'object' || current === null || current.constructor.name !== 'Agent') {
    return undefined;
  }
  // Its name says so; a class that cannot be made this way throws in `knowledgeOf`.
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

/** What a dispatcher was configured with; versions differ in what an unconfigured one holds. */
function optionsOf(dispatcher: object): Readonly<Record<string, unknown>> | undefined {
  const key = Object.getOwnPropertySymbols(dispatcher).find((symbol) => symbol.description === 'options');
  const options: unknown = key === undefined ? undefined : Reflect.get(dispatcher, key);
  // An object's values are looked at one by one.
  return typeof options === 'object' && options !== null ? (options as Readonly<Record<string, unknown>>) : undefined;
}

function isEqual(options: Readonly<Record<string, unknown>>, defaults: Readonly<Record<string, unknown>>): boolean {
  return [...Object.keys(options), ...Object.keys(defaults)].every((name) => options[name] === defaults[name]);
}
