import { readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { bundledIntoCommonJs, commands, entries } from './scripts/entries.ts';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** Each process must have one instance of the OpenTelemetry API and of the optional SDK, so they are not bundled. */
const shared = [/^@opentelemetry\//];

const common: Options = {
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
  removeNodeProtocol: false,
  external: shared,
};

/** ES modules with bundled dependencies, which `build-javascript.ts` converts to CommonJS. */
export const COMMON_JS_SOURCES = 'node_modules/.cache/cometapi-otel/common-js';

// One build graph: the entries of a format share their modules as chunks, so a process loads each module once.
export default defineConfig([
  { ...common, entry: { ...entries, ...commands }, format: 'esm', splitting: true },
  {
    ...common,
    entry: { ...entries },
    outDir: COMMON_JS_SOURCES,
    outExtension: () => ({ js: '.mjs' }),
    format: 'esm',
    splitting: true,
    noExternal: [...bundledIntoCommonJs],
  },
]);
