/** Counts the method calls on wrapped objects, and makes one of them throw. */
export interface Saboteur {
  /** Wraps an object and everything that its methods return. */
  wrap<T extends object>(working: T): T;
  /** Number of method calls so far. */
  readonly touches: number;
  /** Turns the failure off. */
  stop(): void;
}

/** @param failAt the number of the call that throws; none by default */
export function createSaboteur(failAt = Number.POSITIVE_INFINITY): Saboteur {
  let touches = 0;
  let hasStopped = false;
  const touch = (what: string): void => {
    touches += 1;
    if (touches === failAt && !hasStopped) {
      throw new Error(`sabotaged: ${what}`);
    }
  };
  const wrap = <T extends object>(working: T): T =>
    new Proxy(working, {
      get(target, name) {
        const value: unknown = Reflect.get(target, name, target);
        if (typeof value !== 'function') {
          return value;
        }
        return (...parameters: unknown[]) => {
          touch(String(name));
          // Private members of SDK classes require the original object as `this`.
          const result: unknown = Reflect.apply(value, target, parameters);
          return isOpaque(result) ? result : wrap(result);
        };
      },
    });
  return {
    wrap,
    get touches() {
      return touches;
    },
    stop() {
      hasStopped = true;
    },
  };
}

/** True for values, and for objects whose fields the API itself reads. */
function isOpaque(result: unknown): result is Exclude<unknown, object> {
  return typeof result !== 'object' || result === null || result instanceof Promise || 'traceId' in result;
}

/** An object whose methods all throw. */
export function throwing<T extends object>(): T {
  // The cast is false on purpose: the object only pretends to be a T.
  return new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : fail) }) as T;
}

/** An object that throws on every property access. */
export function untouchable<T extends object>(): T {
  // As above.
  return new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }) as T;
}

/** An object whose methods all return a rejected promise. */
export function rejecting<T extends object>(): T {
  // As above.
  return new Proxy({}, { get: () => () => Promise.reject(new Error('sabotaged')) }) as T;
}

/** An object whose methods all return `undefined`. */
export function empty<T extends object>(): T {
  // As above.
  return new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : () => undefined) }) as T;
}

function fail(): never {
  throw new Error('sabotaged');
}
