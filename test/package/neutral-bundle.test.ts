import { type BuildOptions, type BuildResult, build } from 'esbuild';
import { describe, expect, test } from 'vitest';

const core: BuildOptions = {
  entryPoints: ['src/index.ts'],
  bundle: true,
  write: false,
  metafile: true,
  platform: 'neutral',
  logLevel: 'silent',
  external: ['@opentelemetry/api'],
  define: { __PACKAGE_NAME__: '"name"', __PACKAGE_VERSION__: '"0"' },
};

function externalImports({ metafile }: BuildResult): string[] {
  const imports = Object.values(metafile?.outputs ?? {}).flatMap((output) => output.imports);
  return [...new Set(imports.filter((line) => line.external).map((line) => line.path))];
}

describe('the core', () => {
  test('needs no Node built-in, only the OpenTelemetry API', async () => {
    const result = await build({ ...core, format: 'esm' });
    expect(result.warnings).toEqual([]);
    expect(externalImports(result)).toEqual(['@opentelemetry/api']);
  });

  test('has no top-level await, so require can load it', async () => {
    // esbuild refuses a top-level await in CommonJS format.
    await expect(build({ ...core, format: 'cjs' })).resolves.toMatchObject({ errors: [] });
  });

  test('contains no code of openai, only uses its types', async () => {
    const { metafile } = await build({ ...core, format: 'esm', metafile: true });
    expect(Object.keys(metafile.inputs).filter((file) => file.includes('node_modules/openai/'))).toEqual([]);
  });
});
