import { accessSync, constants, lstatSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Finding, fail, ok, warn } from './finding';

const FOR_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
/** Where users have no numbers (Windows), ownership and modes are not checked. */
const USER_ID = process.geteuid?.();

/** Looks at the file without touching it: whether records could be written there, and who could read them (J-3, J-8). */
export function checkRecordFile(path: string | undefined): Finding {
  if (path === undefined) {
    return ok('record file', 'none: COMETAPI_RECORD_FILE is not set');
  }
  const directory = statusOfNearest(dirname(resolve(path)));
  if (
    USER_ID !== undefined &&
    (directory.status.mode & WRITABLE_BY_OTHERS) !== 0 &&
    (directory.status.mode & STICKY) === 0
  ) {
    return fail('record file', 'others may write in its folder, so records are refused', 'chmod go-w the folder.');
  }
  const status = statusOf(path);
  if (status === undefined) {
    return isAccessible(directory.path)
      ? ok('record file', 'not there yet; the first call makes it, readable by its owner alone')
      : fail('record file', 'its folder is not writable', 'Choose another path in COMETAPI_RECORD_FILE.');
  }
  return fileFinding(path, status);
}

function fileFinding(path: string, status: Stats): Finding {
  const refusal = [
    ['it is a symbolic link', status.isSymbolicLink()],
    ['it is not a regular file', !status.isFile()],
    ['it belongs to another user', USER_ID !== undefined && status.uid !== USER_ID],
    ['it has a second name (hard link)', USER_ID !== undefined && status.nlink > 1],
    ['it is not writable', !status.isSymbolicLink() && !isAccessible(path)],
  ].find(([, isMet]) => isMet === true);
  if (refusal !== undefined) {
    return fail(
      'record file',
      `records are refused: ${String(refusal[0])}`,
      'Choose another path in COMETAPI_RECORD_FILE.',
    );
  }
  if (USER_ID !== undefined && (status.mode & FOR_OTHERS) !== 0) {
    return warn('record file', 'others may read it until the next record is written', 'chmod 600 the file.');
  }
  return ok('record file', `writable, readable by its owner alone, ${status.size} bytes`);
}

function isAccessible(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The folder, or, where it does not exist yet, the one it would be made in. */
function statusOfNearest(directory: string): { readonly path: string; readonly status: Stats } {
  let path = directory;
  let status = statusOf(path);
  while (status === undefined && path !== dirname(path)) {
    path = dirname(path);
    status = statusOf(path);
  }
  return { path, status: status ?? lstatSync('/') };
}

function statusOf(path: string): Stats | undefined {
  try {
    return lstatSync(path);
  } catch {
    return undefined;
  }
}
