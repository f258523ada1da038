import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PackedPackage {
  readonly path: string;
  /** Size of the compressed tarball. */
  readonly bytes: number;
  readonly hash: string;
  /** The paths in the tarball, sorted. `*` replaces the hash in the name of a chunk. */
  readonly files: readonly string[];
}

/** Packs the current dist/ into `folder`. */
export function packPackage(folder: string): PackedPackage {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // The output format of `npm pack --json`.
  const [packed] = JSON.parse(output) as readonly {
    filename: string;
    size: number;
    files: readonly { path: string }[];
  }[];
  if (packed === undefined) {
    throw new Error('npm pack did not create a tarball.');
  }
  const path = join(folder, packed.filename);
  return {
    path,
    bytes: packed.size,
    hash: createHash('sha512').update(readFileSync(path)).digest('hex'),
    files: packed.files.map((file) => file.path.replace(/-[A-Za-z0-9_-]{8}(?=\.(?:d\.)?c?[jt]s$)/, '-*')).sort(),
  };
}
