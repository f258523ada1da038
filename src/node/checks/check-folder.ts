import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { CliError } from '../cli/cli-error';

/**
 * Before anything is sent: requests whose records cannot be kept would be paid for nothing.
 *
 * @throws CliError naming the path
 */
export async function checkFolder(path: string): Promise<void> {
  const isFolder = await stat(path).then(
    (status) => status.isDirectory(),
    () => false,
  );
  if (!isFolder) {
    throw new CliError(`${path} is no directory: make it first. Nothing was sent.`);
  }
  await access(path, constants.W_OK).catch(() => {
    throw new CliError(`${path} may not be written to. Nothing was sent.`);
  });
}
