import { existsSync, readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Public entries. Declarations are a step of their own (scripts/build-declarations.ts): tsup cannot inline `openai`. */
const entries: Record<string, string> = Object.fromEntries(
  Object.entries({
    index: 'src/index.ts',
    node: 'src/node/index.ts',
    register: 'src/node/register.ts',
    testing: 'src/testing/index.ts',
  }).filter(([, file]) => existsSync(file)),
);

/** One instance of each per process: the global API, the optional SDK, and the conventions (which ship both formats). */
const shared = [/^@opentelemetry\//];

/** The other entries use the core as any user would: one copy of it per format, never bundled into them a second time. */
function coreIsExternal(coreFile: string): NonNullable<Options['esbuildPlugins']>[number] {
  return {
    name: 'core-is-external',
    setup(build) {
      build.onResolve({ filter: /^cometapi-otel$/ }, () => ({ path: coreFile, external: true }));
    },
  };
}

const common: Options = {
  entry: entries,
  outDir: 'dist',
  target: 'node22.15',
  platform: 'node',
  define: {
    __PACKAGE_NAME__: JSON.stringify(manifest.name),
    __PACKAGE_VERSION__: JSON.stringify(manifest.version),
  },
  dts: false,
  sourcemap: false,
  minify: false,
  treeshake: false,
  clean: false,
  silent: true,
  external: shared,
};

export default defineConfig([
  { ...common, format: 'esm', splitting: true, esbuildPlugins: [coreIsExternal('./index.js')] },
  {
    ...common,
    format: 'cjs',
    splitting: false,
    // These are ESM only; a CommonJS consumer on every supported Node gets them inside the file.
    noExternal: ['ky', 'p-retry', 'is-network-error', 'eventsource-parser'],
    esbuildPlugins: [coreIsExternal('./index.cjs')],
  },
]);
