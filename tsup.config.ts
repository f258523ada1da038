import { existsSync, readFileSync } from 'node:fs';
import { defineConfig, type Options } from 'tsup';
import { bundledIntoCommonJs, commands, entries } from './scripts/entries.ts';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

/** While the project grows, entries whose source does not exist yet are left out. */
const present = Object.fromEntries(Object.entries(entries).filter(([, file]) => existsSync(file)));

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
  entry: present,
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

export default defineConfig([
  {
    ...common,
    entry: { ...present, ...commands },
    format: 'esm',
    splitting: true,
    esbuildPlugins: [coreIsExternal('./index.js')],
  },
  {
    ...common,
    format: 'cjs',
    splitting: false,
    noExternal: [...bundledIntoCommonJs],
    esbuildPlugins: [coreIsExternal('./index.cjs')],
  },
]);
