import { readFileSync, writeFileSync } from 'node:fs';

/**
 * Adds to package-lock.json the binary packages of other platforms that a registry mirror did not have when the lockfile
 * was written. `npm ci` compares the lockfile with every optional dependency and stops at the first one that is missing,
 * also where its platform would never be installed. The entries have no integrity; they are fetched on their platform only.
 */

interface Entry {
  readonly version?: string;
  readonly dev?: boolean;
  readonly engines?: unknown;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm64', 'arm', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

const FILE = process.argv[2] ?? 'package-lock.json';
const lock = JSON.parse(readFileSync(FILE, 'utf8'));
const packages: Record<string, Entry> = lock.packages;

function resolve(from: string, name: string): string | undefined {
  for (let base = from; ; base = base.slice(0, Math.max(0, base.lastIndexOf('node_modules/') - 1))) {
    const path = base === '' ? `node_modules/${name}` : `${base}/node_modules/${name}`;
    if (packages[path] !== undefined) {
      return path;
    }
    if (base === '') {
      return undefined;
    }
  }
}

function platformOf(name: string): Record<string, string[]> {
  const words = (name.split('/').at(-1) ?? name).split('-');
  const find = (list: readonly string[]) =>
    list.filter((item) => words.some((word) => word.startsWith(item))).slice(0, 1);
  const system = find(SYSTEMS);
  const processor = find(PROCESSORS);
  const libc = words.some((word) => word.startsWith('musl')) ? ['musl'] : words.includes('gnu') ? ['glibc'] : [];
  if (system.length === 0 && processor.length === 0) {
    throw new Error(`${name}: is missing from the lockfile and its name tells no platform`);
  }
  return {
    ...(processor.length > 0 && { cpu: processor }),
    ...(system[0] === 'linux' && libc.length > 0 && { libc }),
    ...(system.length > 0 && { os: system }),
  };
}

const added: string[] = [];
for (const [path, entry] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (resolve(path, name) !== undefined) {
      continue;
    }
    if (!/^\d+\.\d+\.\d+\S*$/.test(version)) {
      throw new Error(`${name}@${version}: is missing from the lockfile and is not an exact version`);
    }
    packages[`node_modules/${name}`] = {
      version,
      ...platformOf(name),
      ...(entry.dev && { dev: true }),
      optional: true,
      ...(entry.engines !== undefined && { engines: entry.engines }),
    } as Entry;
    added.push(`${name}@${version}`);
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(FILE, `${JSON.stringify(lock, null, 2)}\n`);
console.log(added.length === 0 ? 'the lockfile is complete' : `added:\n${added.join('\n')}`);
