import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

export interface BundledProgram {
  readonly file: string;
  remove(): void;
}

export interface BundleOptions {
  /** @default node */
  readonly platform?: 'node' | 'neutral';
  /**
   * The program finds installed packages when it runs: OpenTelemetry stays outside of it, as it does in the package.
   *
   * @default false: what is not in the bundle is not there
   */
  readonly seesPackages?: boolean;
}

/** Bundles a program with all that it imports into one file, so that child processes start in a few hundredths of a second. */
export async function bundleProgram(
  source: string,
  { platform = 'node', seesPackages = false }: BundleOptions = {},
): Promise<BundledProgram> {
  const directory = mkdtempSync(join(seesPackages ? cacheFolder() : tmpdir(), 'program-'));
  const file = join(directory, 'program.mjs');
  await build({
    entryPoints: [source],
    outfile: file,
    bundle: true,
    format: 'esm',
    platform,
    target: 'node22',
    logLevel: 'error',
    external: seesPackages ? ['@opentelemetry/*'] : [],
    define: { __PACKAGE_NAME__: '"cometapi-otel"', __PACKAGE_VERSION__: '"0.0.0"' },
  });
  return { file, remove: () => rmSync(directory, { recursive: true, force: true }) };
}

/** Packages are looked for in the folders above a file. */
function cacheFolder(): string {
  const folder = resolve('node_modules/.cache');
  mkdirSync(folder, { recursive: true });
  return folder;
}
