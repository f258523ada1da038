// For child processes: `node --import .../run-sources.mjs file.ts` runs the sources themselves, without a build.
import { registerHooks } from 'node:module';

Object.assign(globalThis, { __PACKAGE_NAME__: 'cometapi-otel', __PACKAGE_VERSION__: '0.0.0' });

const CORE = new URL('../../src/index.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'cometapi-otel' && context.parentURL?.includes('/src/')) {
      // What users import from dist/ is here the source as well.
      return nextResolve(CORE, context);
    }
    // The sources import each other without extensions, as bundlers resolve them; Node strips types but adds no extension.
    const isOurs = /^\.{1,2}\//.test(specifier) && !/\.\w+$/.test(specifier);
    return nextResolve(isOurs && context.parentURL?.endsWith('.ts') ? `${specifier}.ts` : specifier, context);
  },
});
