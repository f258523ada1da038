import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { buildAll } from './build-all.ts';
import { entries } from './entries.ts';
import { type PackedPackage, packPackage } from './pack-package.ts';
import { publicApi } from './public-api.ts';

/**
 * Checks the packed package. Exports and types resolve everywhere (publint, attw). The tarball is small and contains
 * only the reviewed files. The build is repeatable. The public API equals the reviewed one.
 *
 * `--update` writes the current file listing and API, to be reviewed in the diff.
 */

/**
 * Maximum size of `import { CometAPI }` with all dependencies except @opentelemetry/api, which the application has
 * already. ky, p-retry and the event parser are 12 KB of it. For comparison, `openai` 7 has 85 KB.
 */
const MAX_CORE_GZIP_BYTES = 69 * 1024;
/**
 * Three quarters are code, in both module formats. The types of openai add 76,000 bytes, and the compiled validators of
 * records 27,000. The validators replace zod, a dependency of 8 MB.
 */
const MAX_TARBALL_BYTES = 570 * 1000;

const LISTING = 'test/package/tarball-listing.txt';
const API = 'test/package/public-api.txt';

const update = process.argv.includes('--update');
const problems: string[] = [];

function check(what: string, isFine: boolean, detail: string): void {
  console.log(`${isFine ? 'ok' : 'NOT OK'}: ${what}: ${detail}`);
  if (!isFine) {
    problems.push(what);
  }
}

async function tool(name: string, parameters: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)(join('node_modules/.bin', name), parameters, { encoding: 'utf8' });
    check(name, true, 'no problems');
  } catch (error) {
    // Both tools report problems in their output and exit with another code than 0.
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    check(name, false, `${stdout ?? ''}${stderr ?? ''}`);
  }
}

function compareWithFile(what: string, file: string, now: string): void {
  if (update) {
    writeFileSync(file, now);
  }
  const reviewed = existsSync(file) ? readFileSync(file, 'utf8') : '';
  if (reviewed === now) {
    check(what, true, `equals ${file}`);
    return;
  }
  const [before, after] = [new Set(reviewed.split('\n')), new Set(now.split('\n'))];
  const gone = [...before].filter((line) => !after.has(line)).map((line) => `- ${line}`);
  const come = [...after].filter((line) => !before.has(line)).map((line) => `+ ${line}`);
  const changes = [...gone, ...come].join('\n') || 'only the order of lines differs';
  check(what, false, `differs from ${file}. Review the change, then run npm run check:package -- --update\n${changes}`);
}

async function coreGzipBytes(): Promise<number> {
  const { outputFiles } = await build({
    stdin: { contents: "export { CometAPI } from 'cometapi-otel';", resolveDir: '.' },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'neutral',
    external: ['@opentelemetry/api'],
    write: false,
  });
  return gzipSync(outputFiles[0]?.contents ?? '', { level: 9 }).byteLength;
}

async function checkTarball(packed: PackedPackage): Promise<void> {
  check('tarball size', packed.bytes < MAX_TARBALL_BYTES, `${packed.bytes} of ${MAX_TARBALL_BYTES} bytes`);
  compareWithFile('tarball listing', LISTING, `${packed.files.join('\n')}\n`);
  await tool('publint', ['--strict', packed.path]);
  await tool('attw', [packed.path, '--no-emoji']);
}

const [first, second] = [0, 1].map(() => mkdtempSync(join(tmpdir(), 'cometapi-otel-pack-')));
if (first === undefined || second === undefined) {
  throw new Error('Could not create a temporary folder.');
}
const packed = packPackage(first);
const coreBytes = await coreGzipBytes();
check('size of { CometAPI }', coreBytes <= MAX_CORE_GZIP_BYTES, `${coreBytes} of ${MAX_CORE_GZIP_BYTES} bytes, gzip`);
// The tools check the tarball in other processes at the same time as the following steps.
const looking = checkTarball(packed);
compareWithFile('public API', API, await publicApi(entries));
await buildAll();
await looking;
rmSync(first, { recursive: true, force: true });
check('a second build', packPackage(second).hash === packed.hash, 'creates an identical tarball');
rmSync(second, { recursive: true, force: true });

if (problems.length > 0) {
  console.error(`package checks failed: ${problems.join(', ')}`);
  process.exitCode = 1;
}
