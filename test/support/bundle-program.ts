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
   * True if OpenTelemetry stays outside the bundle, as in the published package. The program then imports the installed
   * packages.
   *
   * @default false, everything is in the bundle
   */
  readonly seesPackages?: boolean;
}

/** Bundles a program and its imports into one file, so that child processes start in a few tens of milliseconds. */
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

/** A folder inside `node_modules`, so that the program finds the installed packages in a parent folder. */
function cacheFolder(): string {
  const folder = resolve('node_modules/.cache');
  mkdirSync(folder, { recursive: true });
  return folder;
}
