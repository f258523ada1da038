// For child processes: `node --import .../run-sources.mjs file.ts` runs the TypeScript sources without a build.
import { registerHooks } from 'node:module';

Object.assign(globalThis, { __PACKAGE_NAME__: 'cometapi-otel', __PACKAGE_VERSION__: '0.0.0' });

const CORE = new URL('../../src/index.ts', import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'cometapi-otel' && context.parentURL?.includes('/src/')) {
      // Users import this from dist/. Here it resolves to the source.
      return nextResolve(CORE, context);
    }
    // The sources import each other without extensions, for bundlers. Node requires the extension.
    const isOurs = /^\.{1,2}\//.test(specifier) && !/\.\w+$/.test(specifier);
    return nextResolve(isOurs && context.parentURL?.endsWith('.ts') ? `${specifier}.ts` : specifier, context);
  },
});
