import type { Fetch } from '../config/options';

/** Where Node's own fetch keeps its dispatcher; well known, not documented, so everything here falls back. */
const GLOBAL_DISPATCHER = Symbol.for('undici.globalDispatcher.1');

type DispatcherConstructor = new (options: { headersTimeout: number; bodyTimeout: number }) => object;

/** One private dispatcher for each class of dispatcher found. */
const unlimited = new WeakMap<DispatcherConstructor, object>();

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

function unlimitedDispatcher(): object | undefined {
  const current: unknown = Reflect.get(globalThis, GLOBAL_DISPATCHER);
  if (typeof current !== 'object' || current === null || !isPristine(current)) {
    return undefined;
  }
  // `isPristine` has looked at its name; a class that cannot be made this way throws below.
  const Dispatcher = current.constructor as DispatcherConstructor;
  let own = unlimited.get(Dispatcher);
  if (own === undefined) {
    try {
      own = new Dispatcher({ headersTimeout: 0, bodyTimeout: 0 });
    } catch {
      return undefined;
    }
    unlimited.set(Dispatcher, own);
  }
  return own;
}

/** Whether the dispatcher is the default: a plain Agent nobody gave options to. */
function isPristine(dispatcher: object): boolean {
  if (dispatcher.constructor.name !== 'Agent') {
    return false;
  }
  const key = Object.getOwnPropertySymbols(dispatcher).find((symbol) => symbol.description === 'options');
  const options: unknown = key === undefined ? undefined : Reflect.get(dispatcher, key);
  return (
    typeof options === 'object' && options !== null && Object.values(options).every((value) => value === undefined)
  );
}
