import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemporaryFile } from '../../gateway/recipes/recipe';

/** A temporary folder for one run of an agent. */
export interface TemporaryFolder {
  readonly path: string;
  write(files: readonly TemporaryFile[]): void;
  remove(): void;
}

/** Creates a folder with mode 0700. It is removed when the process exits, except after a SIGKILL. */
export function createTemporaryFolder(): TemporaryFolder {
  const path = mkdtempSync(join(tmpdir(), 'cometapi-otel-run-'));
  chmodSync(path, 0o700);
  const remove = (): void => {
    process.off('exit', remove);
    rmSync(path, { recursive: true, force: true });
  };
  process.once('exit', remove);
  return {
    path,
    write(files) {
      for (const file of files) {
        writeFileSync(file.path, file.text, { mode: 0o600, flag: 'wx' });
      }
    },
    remove,
  };
}
