import { afterEach } from 'vitest';

/** State that the library keeps on `globalThis`: the logged warnings, and the started telemetry. */
const SINGLETONS = ['cometapi-otel.warned', 'cometapi-otel.telemetry'];

// Without this, a warning that one test causes is missing in a later test of the same process.
afterEach(() => {
  for (const name of SINGLETONS) {
    Reflect.deleteProperty(globalThis, Symbol.for(name));
  }
});
