import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { behindTheCommands, bundledIntoCommonJs, commands, entries } from '../../scripts/entries';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

describe('package.json', () => {
  test('the core depends on four small packages and shares the OpenTelemetry API with the application', () => {
    const ofTheCore = Object.keys(manifest.dependencies).filter((name) => !behindTheCommands.includes(name));
    expect(ofTheCore.sort()).toEqual(['@opentelemetry/semantic-conventions', 'eventsource-parser', 'ky', 'p-retry']);
    expect(manifest.peerDependencies).toEqual({
      '@opentelemetry/api': '^1.9.0',
      '@opentelemetry/sdk-node': '>=0.200.0 <1',
    });
    expect(manifest.peerDependenciesMeta).toEqual({ '@opentelemetry/sdk-node': { optional: true } });
    expect(manifest.optionalDependencies).toBeUndefined();
  });

  test('the command has a file, and the dependencies of the command alone are listed', () => {
    expect(manifest.bin).toEqual({ 'cometapi-otel': 'dist/cli.js' });
    expect(Object.keys(commands)).toEqual(['cli']);
    expect(behindTheCommands.filter((name) => manifest.dependencies[name] === undefined)).toEqual([]);
  });

  test('no script runs on installation, and no native code is built', () => {
    const lifecycle = ['preinstall', 'install', 'postinstall', 'prepublish', 'preprepare', 'prepare', 'postprepare'];
    expect(Object.keys(manifest.scripts).filter((name) => lifecycle.includes(name))).toEqual([]);
    expect(manifest.gypfile).toBeUndefined();
  });

  test('only dist/ is in the published package', () => {
    expect(manifest.files).toEqual(['dist']);
  });

  test('each entry has files and types for import and for require, types first', () => {
    const expected = Object.fromEntries(
      Object.keys(entries).map((name) => [
        name === 'index' ? '.' : `./${name}`,
        {
          import: { types: `./dist/${name}.d.ts`, default: `./dist/${name}.js` },
          require: { types: `./dist/${name}.d.cts`, default: `./dist/${name}.cjs` },
        },
      ]),
    );
    expect(manifest.exports).toEqual({ ...expected, './package.json': './package.json' });
    for (const conditions of Object.values(manifest.exports).filter((value) => typeof value === 'object')) {
      expect(JSON.stringify(conditions)).toMatch(/^\{"import":\{"types":[^}]+\},"require":\{"types":[^}]+\}\}$/);
    }
  });

  test('resolvers without support for exports find the same files', () => {
    expect(manifest.main).toBe(manifest.exports['.'].require.default);
    expect(manifest.module).toBe(manifest.exports['.'].import.default);
    expect(manifest.types).toBe(manifest.exports['.'].require.types);
    const subpaths = Object.keys(entries).filter((name) => name !== 'index');
    expect(manifest.typesVersions).toEqual({
      '*': Object.fromEntries(subpaths.map((name) => [name, [`./dist/${name}.d.cts`]])),
    });
  });

  test('bundlers may drop every unused file, except the file that is imported for its side effect', () => {
    expect(manifest.sideEffects).toEqual(['./dist/register.js', './dist/register.cjs']);
  });

  test('tools have exact versions', () => {
    const loose = Object.entries<string>(manifest.devDependencies).filter(
      ([, version]) => !/^\d+\.\d+\.\d+$/.test(version),
    );
    expect(loose).toEqual([]);
  });

  test('the only allowed install script is the one that installs the Node of this repository', () => {
    const allowed = Object.entries(manifest.allowScripts).filter(([, isAllowed]) => isAllowed);
    expect(allowed).toEqual([['node', true]]);
  });
});

describe('the lockfile', () => {
  interface Entry {
    readonly hasInstallScript?: boolean;
    readonly integrity?: string;
    readonly optionalDependencies?: Readonly<Record<string, string>>;
    readonly resolved?: string;
    readonly os?: readonly string[];
  }
  const lock: { readonly version: string; readonly packages: Readonly<Record<string, Entry>> } = JSON.parse(
    readFileSync('package-lock.json', 'utf8'),
  );
  const packages = Object.entries(lock.packages);

  test('contains no registry', () => {
    expect(packages.filter(([, entry]) => entry.resolved !== undefined).map(([path]) => path)).toEqual([]);
  });

  test('contains the integrity of every package', () => {
    expect(packages.filter(([path, entry]) => path !== '' && entry.integrity === undefined)).toEqual([]);
  });

  test('has the version of package.json', () => {
    expect(lock.version).toBe(manifest.version);
  });

  test('lists no package whose install script is neither allowed nor forbidden', () => {
    const scripted = packages
      .filter(([, entry]) => entry.hasInstallScript)
      .map(([path]) => path.replace(/^.*node_modules\//, ''));
    expect(scripted.filter((name) => manifest.allowScripts[name] === undefined)).toEqual([]);
  });

  test('has an entry for every optional dependency, because npm ci fails without it', () => {
    const names = new Set(packages.map(([path]) => path.replace(/^.*node_modules\//, '')));
    const missing = packages.flatMap(([path, entry]) =>
      Object.keys(entry.optionalDependencies ?? {})
        .filter((name) => !names.has(name))
        .map((name) => `${path} → ${name}`),
    );
    expect(missing, 'delete package-lock.json and run: npm install --package-lock-only').toEqual([]);
  });
});

describe('the CommonJS files', () => {
  test('bundle every ESM-only package among the direct and indirect dependencies', () => {
    const seen = new Set<string>();
    const walk = (name: string): void => {
      if (!seen.has(name)) {
        seen.add(name);
        const { dependencies = {} } = JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'));
        Object.keys(dependencies).forEach(walk);
      }
    };
    // The commands are ES modules only, so no CommonJS file contains their dependencies.
    const inCommonJs = Object.keys(manifest.dependencies).filter((name) => !behindTheCommands.includes(name));
    inCommonJs.forEach(walk);
    const esmOnly = [...seen].filter(
      (name) => !hasRequire(JSON.parse(readFileSync(`node_modules/${name}/package.json`, 'utf8'))),
    );
    expect(esmOnly.sort()).toEqual([...bundledIntoCommonJs].sort());
  });

  function hasRequire(packageManifest: {
    readonly exports?: unknown;
    readonly type?: string;
    readonly main?: string;
  }): boolean {
    return JSON.stringify(packageManifest.exports ?? {}).includes('"require"') || packageManifest.type !== 'module';
  }
});

test('the files that a release needs exist', () => {
  expect(
    ['LICENSE', 'README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'].filter((file) => !existsSync(file)),
  ).toEqual([]);
});
