import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { LIBRARY } from '../../records/shared/library';
import { type Finding, fail, ok } from './finding';

const PACKAGES = ['@opentelemetry/api', '@opentelemetry/sdk-node', 'openai', 'cometapi'] as const;
const OPTIONAL: readonly string[] = ['@opentelemetry/sdk-node', 'openai', 'cometapi'];

/** Reports the versions of related packages. Fails if the required peer is not installed. */
export function checkVersions(versionOf: (name: string) => string | undefined = installedVersion): Finding {
  const found = PACKAGES.map((name) => [name, versionOf(name)] as const);
  const missing = found.find(([name, version]) => version === undefined && !OPTIONAL.includes(name));
  if (missing !== undefined) {
    return fail('versions', `${missing[0]} is not installed`, `Run: npm install ${missing[0]}`);
  }
  const present = found.flatMap(([name, version]) => (version === undefined ? [] : [`${name} ${version}`]));
  return ok('versions', [`${LIBRARY.name} ${LIBRARY.version}`, ...present].join(', '));
}

/** Reads the manifest above the package's entry file, because not every package exports its manifest. */
function installedVersion(name: string): string | undefined {
  const { resolve } = createRequire(import.meta.url);
  try {
    let directory = dirname(resolve(name));
    while (directory !== dirname(directory)) {
      const version = versionIn(join(directory, 'package.json'), name);
      if (version !== undefined) {
        return version;
      }
      directory = dirname(directory);
    }
  } catch {
    // Not installed.
  }
  return undefined;
}

function versionIn(manifestPath: string, name: string): string | undefined {
  try {
    const manifest: unknown = JSON.parse(readFileSync(manifestPath, 'utf8'));
    const isOf = typeof manifest === 'object' && manifest !== null && Reflect.get(manifest, 'name') === name;
    const version: unknown = isOf ? Reflect.get(manifest, 'version') : undefined;
    return typeof version === 'string' && /^[0-9][0-9A-Za-z.+-]{0,40}$/.test(version) ? version : undefined;
  } catch {
    // No manifest in this directory. The package's manifest is further up.
    return undefined;
  }
}
