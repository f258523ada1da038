import { execFile, execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { packPackage } from './pack-package.ts';

/**
 * Installs the packed package into copies of the projects in test/consumers/, outside this repository. Loads it there
 * in every way that users can, on this Node and on the oldest supported Node.
 */

const PROJECTS = resolve('test/consumers');
const HOSTS = [
  'openai-7.mjs',
  'openai-6.mjs',
  'cometapi-official.mjs',
  'ai-sdk.mjs',
  'langchain.mjs',
  'agents.mjs',
  'openrouter.mjs',
];
/** Makes the SDK that `cometapi-otel/register` starts print its spans, so that {@link run} can check them. */
const ENVIRONMENT = {
  ...process.env,
  OTEL_TRACES_EXPORTER: 'console',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
};

const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-consumers-'));

const execute = promisify(execFile);
/** Limits the running commands to the number of cores. */
let free = availableParallelism();
const waiting: (() => void)[] = [];

async function run(
  what: string,
  cwd: string,
  command: string,
  parameters: readonly string[],
  expected = '',
): Promise<void> {
  if (free > 0) {
    free--;
  } else {
    await new Promise<void>((resolve) => waiting.push(resolve));
  }
  const started = performance.now();
  try {
    const child = execute(command, parameters, { cwd, env: ENVIRONMENT, encoding: 'utf8', timeout: 300_000 });
    child.child.stdin?.end();
    const { stdout } = await child;
    if (!stdout.includes(expected)) {
      throw Object.assign(new Error(), { stdout: `expected output is missing: ${expected}\n${stdout}` });
    }
  } catch (error) {
    // Report only the output of the child; the error message repeats it with the command line.
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`failed: ${what}\n${stdout ?? ''}${stderr ?? ''}`);
  } finally {
    const next = waiting.shift();
    if (next === undefined) {
      free++;
    } else {
      next();
    }
  }
  console.log(`ok: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

/** Waits for all, even if one fails: no command may still use the folder when it is removed. */
async function allOf(works: readonly Promise<void>[]): Promise<void> {
  const ends = await Promise.allSettled(works);
  const failed = ends.filter((end) => end.status === 'rejected');
  if (failed.length > 0) {
    throw new Error(failed.map(({ reason }) => (reason instanceof Error ? reason.message : String(reason))).join('\n'));
  }
}

async function install(name: string, tarball?: string): Promise<string> {
  const project = join(folder, name);
  cpSync(join(PROJECTS, name), project, { recursive: true });
  copyFileSync('.npmrc', join(project, '.npmrc'));
  await run(`${name}: install`, project, 'npm', ['ci', '--prefer-offline']);
  if (tarball !== undefined) {
    // The tarball differs with every build, so the lockfile cannot contain its hash.
    await run(`${name}: install the package`, project, 'npm', ['install', '--no-save', '--prefer-offline', tarball]);
  }
  return project;
}

type Runtimes = readonly (readonly [version: string, executable: string])[];

async function typescript(project: string, runtimes: Runtimes): Promise<void> {
  const compiler = join(project, 'node_modules/typescript/bin/tsc');
  const strict = [
    '--ignoreConfig',
    '--strict',
    '--declaration',
    '--target',
    'es2023',
    '--types',
    'node',
    '--skipLibCheck',
    'false',
  ];
  const modes = [
    { mode: 'commonjs', source: 'use.ts', flags: ['--module', 'commonjs'], runs: 'use.js' },
    {
      mode: 'commonjs with node10 resolution',
      source: 'use.ts',
      flags: ['--module', 'commonjs', '--moduleResolution', 'node10', '--ignoreDeprecations', '6.0'],
      runs: 'use.js',
    },
    { mode: 'node16, ESM', source: 'use.mts', flags: ['--module', 'node16'], runs: 'use.mjs' },
    { mode: 'node16, CommonJS', source: 'use.cts', flags: ['--module', 'node16'], runs: 'use.cjs' },
    { mode: 'nodenext, ESM', source: 'use.mts', flags: ['--module', 'nodenext'], runs: 'use.mjs' },
    { mode: 'nodenext, CommonJS', source: 'use.cts', flags: ['--module', 'nodenext'], runs: 'use.cjs' },
    {
      mode: 'bundler',
      source: 'use.ts',
      flags: ['--module', 'preserve', '--moduleResolution', 'bundler', '--exactOptionalPropertyTypes'],
    },
  ];
  copyFileSync(join(project, 'use.ts'), join(project, 'use.mts'));
  copyFileSync(join(project, 'use.ts'), join(project, 'use.cts'));
  await allOf(
    modes.map(async ({ mode, source, flags, runs }, at) => {
      // Each mode has its own output folder, because the modes run at the same time.
      const out = `out-${at}`;
      const parameters = [compiler, ...strict, ...flags, '--outDir', out, source];
      await run(`TypeScript, module ${mode}`, project, process.execPath, parameters);
      for (const [node, executable] of runs === undefined ? [] : runtimes) {
        await run(`TypeScript, module ${mode}, on Node ${node}`, project, executable, [join(out, runs ?? '')]);
      }
    }),
  );
}

async function bundle(project: string, runtimes: Runtimes): Promise<void> {
  const away = mkdtempSync(join(folder, 'bundled-'));
  for (const [format, source, file] of [
    ['esm', 'esm.mjs', 'bundle.mjs'],
    ['cjs', 'cjs.cjs', 'bundle.cjs'],
  ] as const) {
    const flags = [
      '--bundle',
      '--platform=node',
      '--log-level=warning',
      `--format=${format}`,
      `--outfile=${join(away, file)}`,
    ];
    await run(`esbuild, ${format}`, project, join(project, 'node_modules/.bin/esbuild'), [source, ...flags]);
    for (const [node, executable] of runtimes) {
      await run(`esbuild, ${format}, on Node ${node} with no node_modules`, away, executable, [file]);
    }
  }
}

async function inEveryShape(tarball: string, runtimes: Runtimes): Promise<void> {
  const project = await install('shapes', tarball);
  await allOf([typescript(project, runtimes), bundle(project, runtimes), loadedAsItIs(project, runtimes)]);
}

async function loadedAsItIs(project: string, runtimes: Runtimes): Promise<void> {
  for (const [node, executable] of runtimes) {
    await run(`ESM on Node ${node}`, project, executable, ['esm.mjs']);
    await run(`CommonJS on Node ${node}`, project, executable, ['cjs.cjs']);
    const preload = ['--import', 'cometapi-otel/register', 'esm.mjs'];
    await run(`register without an SDK on Node ${node}`, project, executable, preload);
    await run(`Jest without configuration, on Node ${node}`, project, executable, ['node_modules/jest/bin/jest.js']);
  }
}

async function underHosts(tarball: string, runtimes: Runtimes): Promise<void> {
  const project = await install('hosts', tarball);
  await run('constructors of hosts accept our options without a cast', project, process.execPath, [
    'node_modules/typescript/bin/tsc',
    '--ignoreConfig',
    ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'],
    ...['--target', 'es2023', '--module', 'nodenext'],
    'types.ts',
  ]);
  for (const [node, executable] of runtimes) {
    for (const file of HOSTS) {
      await run(`${file} over this client, on Node ${node}`, project, executable, [file]);
    }
  }
}

async function withSdk(name: string, tarball: string, runtimes: Runtimes): Promise<void> {
  const project = await install(name, tarball);
  cpSync(join(PROJECTS, 'shared'), project, { recursive: true });
  for (const [node, executable] of runtimes) {
    await run(`${name} on Node ${node}`, project, executable, ['index.mjs']);
    for (const preload of ['--import', '--require']) {
      const parameters = [preload, 'cometapi-otel/register', 'one-call.mjs'];
      const what = `${name}, ${preload} register on Node ${node}`;
      await run(what, project, executable, parameters, "name: 'chat simulated-model'");
    }
  }
}

try {
  const tarball = packPackage(folder).path;
  const oldest = join(await install('runtimes'), 'node_modules/.bin/node');
  const runtimes = [process.execPath, oldest].map((executable) => {
    const version = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim().slice(1);
    return [version, executable] as const;
  });
  const sdks = readdirSync(PROJECTS).filter((entry) => entry.startsWith('sdk-'));
  await allOf([
    inEveryShape(tarball, runtimes),
    underHosts(tarball, runtimes),
    ...sdks.map((name) => withSdk(name, tarball, runtimes)),
  ]);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
