import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface PackedPackage {
  readonly path: string;
  /** Of the compressed tarball. */
  readonly bytes: number;
  readonly hash: string;
  /** Paths inside, sorted; the hash in a chunk's name is `*`. */
  readonly files: readonly string[];
}

/** Packs dist/ as it is, into `folder`. */
export function packPackage(folder: string): PackedPackage {
  const output = execFileSync('npm', ['pack', '--json', '--ignore-scripts', '--pack-destination', folder], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // npm's own description of what it has just written.
  const [packed] = JSON.parse(output) as readonly {
    filename: string;
    size: number;
    files: readonly { path: string }[];
  }[];
  if (packed === undefined) {
    throw new Error('npm pack wrote nothing');
  }
  const path = join(folder, packed.filename);
  return {
    path,
    bytes: packed.size,
    hash: createHash('sha512').update(readFileSync(path)).digest('hex'),
    files: packed.files.map((file) => file.path.replace(/-[A-Za-z0-9_-]{8}(?=\.(?:d\.)?c?[jt]s$)/, '-*')).sort(),
  };
}
