import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { packPackage } from './pack-package.ts';

/**
 * Installs the packed package into the projects of test/consumers/, outside this repository, and uses it there in every
 * way a user may load it: on this Node and on the oldest one that is supported.
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
/** What `cometapi-otel/register` starts prints its spans, for `run` to look at. Nothing else reads these. */
const ENVIRONMENT = {
  ...process.env,
  OTEL_TRACES_EXPORTER: 'console',
  OTEL_METRICS_EXPORTER: 'none',
  OTEL_LOGS_EXPORTER: 'none',
};

const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-consumers-'));

function run(what: string, cwd: string, command: string, parameters: readonly string[], expected = ''): void {
  const started = performance.now();
  try {
    const output = execFileSync(command, parameters, {
      cwd,
      env: ENVIRONMENT,
      stdio: ['ignore', 'pipe', 'pipe'],
      encoding: 'utf8',
      timeout: 300_000,
    });
    if (!output.includes(expected)) {
      throw Object.assign(new Error(), { stdout: `did not print: ${expected}\n${output}` });
    }
  } catch (error) {
    // The output of the child is all there is to say; the error repeats it with the command line.
    const { stdout, stderr } = error as { readonly stdout?: string; readonly stderr?: string };
    throw new Error(`failed: ${what}\n${stdout ?? ''}${stderr ?? ''}`);
  }
  console.log(`ok: ${what} (${((performance.now() - started) / 1000).toFixed(1)} s)`);
}

function install(name: string, tarball?: string): string {
  const project = join(folder, name);
  cpSync(join(PROJECTS, name), project, { recursive: true });
  copyFileSync('.npmrc', join(project, '.npmrc'));
  run(`${name}: install`, project, 'npm', ['ci']);
  if (tarball !== undefined) {
    // The tarball differs with every build, so the lockfile cannot hold it.
    run(`${name}: install the package`, project, 'npm', ['install', '--no-save', tarball]);
  }
  return project;
}

function typescript(project: string, runtimes: readonly (readonly [string, string])[]): void {
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
  for (const { mode, source, flags, runs } of modes) {
    run(`TypeScript, module ${mode}`, project, process.execPath, [
      compiler,
      ...strict,
      ...flags,
      '--outDir',
      'out',
      source,
    ]);
    if (runs !== undefined) {
      for (const [node, executable] of runtimes) {
        run(`TypeScript, module ${mode}, on Node ${node}`, project, executable, [join('out', runs)]);
      }
    }
  }
}

function bundle(project: string, runtimes: readonly (readonly [string, string])[]): void {
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
    run(`esbuild, ${format}`, project, join(project, 'node_modules/.bin/esbuild'), [source, ...flags]);
    for (const [node, executable] of runtimes) {
      run(`esbuild, ${format}, on Node ${node} with no node_modules`, away, executable, [file]);
    }
  }
}

try {
  const tarball = packPackage(folder).path;
  const oldest = join(install('runtimes'), 'node_modules/.bin/node');
  const runtimes = [process.execPath, oldest].map((executable) => {
    const version = execFileSync(executable, ['--version'], { encoding: 'utf8' }).trim().slice(1);
    return [version, executable] as const;
  });

  const shapes = install('shapes', tarball);
  for (const [node, executable] of runtimes) {
    run(`ESM on Node ${node}`, shapes, executable, ['esm.mjs']);
    run(`CommonJS on Node ${node}`, shapes, executable, ['cjs.cjs']);
    run(`register without an SDK on Node ${node}`, shapes, executable, [
      '--import',
      'cometapi-otel/register',
      'esm.mjs',
    ]);
    run(`Jest as it comes, on Node ${node}`, shapes, executable, ['node_modules/jest/bin/jest.js']);
  }
  bundle(shapes, runtimes);
  typescript(shapes, runtimes);

  const hosts = install('hosts', tarball);
  run('constructors of hosts take our options without a cast', hosts, process.execPath, [
    'node_modules/typescript/bin/tsc',
    '--ignoreConfig',
    ...['--noEmit', '--strict', '--exactOptionalPropertyTypes', '--skipLibCheck'],
    ...['--target', 'es2023', '--module', 'nodenext'],
    'types.ts',
  ]);
  for (const [node, executable] of runtimes) {
    for (const file of HOSTS) {
      run(`${file} over this client, on Node ${node}`, hosts, executable, [file]);
    }
  }

  for (const name of readdirSync(PROJECTS).filter((entry) => entry.startsWith('sdk-'))) {
    const project = install(name, tarball);
    cpSync(join(PROJECTS, 'shared'), project, { recursive: true });
    for (const [node, executable] of runtimes) {
      run(`${name} on Node ${node}`, project, executable, ['index.mjs']);
      for (const preload of ['--import', '--require']) {
        const parameters = [preload, 'cometapi-otel/register', 'one-call.mjs'];
        run(
          `${name}, ${preload} register on Node ${node}`,
          project,
          executable,
          parameters,
          "name: 'chat simulated-model'",
        );
      }
    }
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
