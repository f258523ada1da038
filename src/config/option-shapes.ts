import type { ClientOptions } from './options';
import type { Problems } from './problems';

const LOGGER_METHODS = ['error', 'warn', 'info', 'debug'];
/** Fields that the client sets itself. */
const NOT_IN_FETCH_OPTIONS = ['method', 'headers', 'body', 'signal'];

/** Checks the types of options that would otherwise fail later, or silently have no effect. */
export function checkOptionShapes(options: ClientOptions, problems: Problems): void {
  const must = (containsSecret: boolean, problem: string): void => {
    if (!containsSecret) {
      problems.add(problem);
    }
  };
  const { fetch, fetchOptions, defaultHeaders, defaultQuery, logger, telemetry, observers } = options;
  must(isAbsent(fetch) || typeof fetch === 'function', 'fetch must be a function like globalThis.fetch.');
  must(isAbsent(fetchOptions) || isObject(fetchOptions), 'fetchOptions must be an object.');
  for (const name of NOT_IN_FETCH_OPTIONS) {
    must(!isObject(fetchOptions) || !(name in fetchOptions), `fetchOptions must not contain ${name}.`);
  }
  must(isAbsent(defaultHeaders) || isObject(defaultHeaders), 'defaultHeaders must be an object, an array or Headers.');
  must(isAbsent(defaultQuery) || isObject(defaultQuery), 'defaultQuery must be an object.');
  must(
    isAbsent(logger) || hasMethods(logger, LOGGER_METHODS),
    'logger must have the methods error, warn, info and debug.',
  );
  must(isAbsent(observers) || isListOfObjects(observers), 'observers must be an array of observers.');
  must(isAbsent(telemetry) || isObject(telemetry), 'telemetry must be an object. See docs/configuration.md.');
  if (isObject(telemetry)) {
    const { attributes, tracerProvider, meterProvider } = telemetry;
    must(isAbsent(attributes) || isObject(attributes), 'telemetry.attributes must be an object.');
    must(
      isAbsent(tracerProvider) || hasMethods(tracerProvider, ['getTracer']),
      'telemetry.tracerProvider must be a TracerProvider.',
    );
    must(
      isAbsent(meterProvider) || hasMethods(meterProvider, ['getMeter']),
      'telemetry.meterProvider must be a MeterProvider.',
    );
  }
}

function isAbsent(value: unknown): value is null | undefined {
  return value === undefined || value === null;
}

function isObject<T>(value: T): value is T & object {
  return typeof value === 'object' && value !== null;
}

function hasMethods(value: unknown, names: readonly string[]): boolean {
  return isObject(value) && names.every((name) => typeof Reflect.get(value, name) === 'function');
}

function isListOfObjects(value: unknown): boolean {
  return Array.isArray(value) && value.every((each) => isObject(each));
}
