import { rmSync } from 'node:fs';
import { rollup } from 'rollup';
import { build } from 'tsup';
import { COMMON_JS_SOURCES } from '../tsup.config.ts';
import { entries } from './entries.ts';
import { ensureValidators } from './write-validators.ts';

/** Builds the ESM and CommonJS files of every entry into dist/. */
export async function buildJavascript(): Promise<void> {
  await ensureValidators();
  rmSync(COMMON_JS_SOURCES, { recursive: true, force: true });
  await build({ config: 'tsup.config.ts' });
  await convertToCommonJs();
}

/** esbuild cannot split CommonJS into chunks, and a copy of the core in each entry would not share its state. */
async function convertToCommonJs(): Promise<void> {
  const names = Object.keys(entries);
  const bundle = await rollup({
    input: Object.fromEntries(names.map((name) => [name, `${COMMON_JS_SOURCES}/${name}.mjs`])),
    external: (id) => !id.startsWith('.') && !id.includes(COMMON_JS_SOURCES),
    // esbuild has removed unused code already.
    treeshake: false,
  });
  await bundle.write({
    dir: 'dist',
    format: 'cjs',
    exports: 'named',
    entryFileNames: '[name].cjs',
    chunkFileNames: 'chunk-[hash].cjs',
    generatedCode: 'es2015',
  });
  await bundle.close();
}
