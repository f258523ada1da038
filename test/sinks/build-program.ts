import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'tsup';

export interface BuiltProgram {
  readonly file: string;
  remove(): void;
}

/** Bundles a source file into one JavaScript file, so that child processes start in a few hundredths of a second. */
export async function buildProgram(source: string, platform: 'node' | 'neutral' = 'node'): Promise<BuiltProgram> {
  const directory = mkdtempSync(join(tmpdir(), 'program-'));
  await build({
    config: false,
    entry: { program: source },
    outDir: directory,
    format: 'esm',
    platform,
    silent: true,
    dts: false,
    outExtension: () => ({ js: '.mjs' }),
    define: { __PACKAGE_NAME__: '"cometapi-otel"', __PACKAGE_VERSION__: '"0.0.0"' },
  });
  const [name = ''] = readdirSync(directory);
  return { file: join(directory, name), remove: () => rmSync(directory, { recursive: true, force: true }) };
}
