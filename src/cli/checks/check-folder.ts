import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { CliError } from '../cli-error';

/**
 * Checks that a directory is writable. Call it before sending, because a request is billed even if its record cannot be
 * saved.
 *
 * @throws CliError that names the path
 */
export async function checkFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new CliError(`${path} is not a directory. Create it first. Nothing was sent.`);
  }
  await access(path, constants.W_OK).catch(() => {
    throw new CliError(`${path} is not writable. Change its permissions. Nothing was sent.`);
  });
}
