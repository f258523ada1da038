import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileProblem } from './file-problem';

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

const FILE_MODE = 0o600;
/** Error codes of file systems without hard links. */
const CANNOT_LINK: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Writes all of `files` or none, with mode 0600. Writes each to a temporary file in the same folder and syncs it to disk.
 * Then links it to its name, which fails if the name exists: no file is overwritten or half-written.
 *
 * @throws CliError with the path that could not be written
 */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  const temporary: string[] = [];
  const named: string[] = [];
  try {
    for (const { path, text } of files) {
      const beside = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
      await reportingPath(path, async () => {
        temporary.push(beside);
        await writeNew(beside, text);
      });
    }
    for (const [at, { path }] of files.entries()) {
      await reportingPath(path, () => giveName(temporary[at] ?? '', path));
      named.push(path);
    }
  } catch (error) {
    await removeAll(named);
    throw error;
  } finally {
    await removeAll(temporary);
  }
  await Promise.all([...new Set(files.map(({ path }) => dirname(path)))].map(syncDirectory));
}

async function reportingPath(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw fileProblem(path, error, 'written');
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', FILE_MODE);
  try {
    // The umask may have removed bits of the mode.
    await handle.chmod(FILE_MODE);
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function giveName(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && CANNOT_LINK.includes(error.code))) {
      throw error;
    }
    // `wx` fails if the file exists. The rename then replaces only this new, empty file.
    await (await open(path, 'wx', FILE_MODE)).close();
    await rename(temporary, path);
  }
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
}

/** Without this, a power failure can lose the names of the files. Windows cannot open directories, so it is skipped there. */
async function syncDirectory(directory: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(directory, 'r');
    await handle.sync();
  } catch {
    // The content of the files is on disk already.
  } finally {
    await handle?.close();
  }
}
