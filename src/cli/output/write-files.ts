import { randomUUID } from 'node:crypto';
import { type FileHandle, link, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { fileProblem } from './file-problem';

export interface NewFile {
  readonly path: string;
  readonly text: string;
}

const FILE_MODE = 0o600;
/** What file systems without hard links answer. */
const CANNOT_LINK: readonly unknown[] = ['EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'];

/**
 * Writes all of `files` or none: each to a file of its own beside the target first, forced to disk, then given its name
 * without overwriting anything (J-5). Readable by their owner alone.
 *
 * @throws CliError naming the path
 */
export async function writeFiles(files: readonly NewFile[]): Promise<void> {
  const temporary: string[] = [];
  const named: string[] = [];
  try {
    for (const { path, text } of files) {
      const beside = join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
      await tellingOf(path, async () => {
        temporary.push(beside);
        await writeNew(beside, text);
      });
    }
    for (const [at, { path }] of files.entries()) {
      await tellingOf(path, () => giveName(temporary[at] ?? '', path));
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

async function tellingOf(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw fileProblem(path, error, 'written');
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const handle = await open(path, 'wx', FILE_MODE);
  try {
    // Whatever the umask says.
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
    // An empty file made with `wx` is ours: putting the whole one in its place overwrites nothing of anybody's.
    await (await open(path, 'wx', FILE_MODE)).close();
    await rename(temporary, path);
  }
}

async function removeAll(paths: readonly string[]): Promise<void> {
  await Promise.all(paths.map((path) => rm(path, { force: true }).catch(() => undefined)));
}

/** The names survive a power cut only so. Where directories cannot be opened (Windows), there is no such call. */
async function syncDirectory(directory: string): Promise<void> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(directory, 'r');
    await handle.sync();
  } catch {
    // The files themselves are on disk.
  } finally {
    await handle?.close();
  }
}
