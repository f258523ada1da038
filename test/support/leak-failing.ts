/** Counts what is asked of the things it wraps, and lets one of these fail. */
export interface Saboteur {
  /** Wraps an object, and everything its methods give. */
  wrap<T extends object>(working: T): T;
  /** How often something was called or read so far. */
  readonly touches: number;
  /** From now on everything works. */
  stop(): void;
}

/** @param failAt the touch that throws; none by default */
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
          // Private members of an SDK's classes know their own object only.
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

/** Values, and objects that the API itself looks into. */
function isOpaque(result: unknown): result is Exclude<unknown, object> {
  return typeof result !== 'object' || result === null || result instanceof Promise || 'traceId' in result;
}

/** Every method it is asked for throws. */
export function throwing<T extends object>(): T {
  // Claims to be what it is not, which is the point.
  return new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : fail) }) as T;
}

/** Throws already when it is looked at. */
export function untouchable<T extends object>(): T {
  // As above.
  return new Proxy({}, { get: fail, has: fail, ownKeys: fail, getPrototypeOf: fail }) as T;
}

/** Answers everything with a promise that rejects. */
export function rejecting<T extends object>(): T {
  // As above.
  return new Proxy({}, { get: () => () => Promise.reject(new Error('sabotaged')) }) as T;
}

/** Gives nothing, whatever is asked. */
export function empty<T extends object>(): T {
  // As above.
  return new Proxy({}, { get: (_target, name) => (name === 'then' ? undefined : () => undefined) }) as T;
}

function fail(): never {
  throw new Error('sabotaged');
}
