import { accessSync, constants, lstatSync, type Stats } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type Finding, fail, ok, warn } from './finding';

const FOR_OTHERS = 0o077;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
/** Undefined on Windows, where ownership and modes are not checked. */
const USER_ID = process.geteuid?.();

/** Checks if records can be written to the file, and if other users can read them. Does not change the file. */
export function checkRecordFile(path: string | undefined): Finding {
  if (path === undefined) {
    return ok('record file', 'none, because COMETAPI_RECORD_FILE is not set');
  }
  const directory = statusOfNearest(dirname(resolve(path)));
  if (
    USER_ID !== undefined &&
    (directory.status.mode & WRITABLE_BY_OTHERS) !== 0 &&
    (directory.status.mode & STICKY) === 0
  ) {
    return fail(
      'record file',
      'other users may write to its folder, so records are refused',
      'Run chmod go-w on the folder.',
    );
  }
  const status = statusOf(path);
  if (status === undefined) {
    return isAccessible(directory.path)
      ? ok('record file', 'does not exist yet; the first call creates it with mode 0600')
      : fail('record file', 'its folder is not writable', 'Choose another path in COMETAPI_RECORD_FILE.');
  }
  return fileFinding(path, status);
}

function fileFinding(path: string, status: Stats): Finding {
  const refusal = [
    ['it is a symbolic link', status.isSymbolicLink()],
    ['it is not a regular file', !status.isFile()],
    ['it belongs to another user', USER_ID !== undefined && status.uid !== USER_ID],
    ['it is a hard link', USER_ID !== undefined && status.nlink > 1],
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
    return warn(
      'record file',
      'other users can read it until the next record is written',
      'Run chmod 600 on the file.',
    );
  }
  return ok('record file', `writable, readable only by its owner, ${status.size} bytes`);
}

function isAccessible(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Returns the folder. If it does not exist, returns the folder in which it would be created. */
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
