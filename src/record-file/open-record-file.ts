import type { FilePlatform, FileStatus, FileSystem } from './file-system';

/** Why a path is refused as a record file. */
export type RefusedPath = 'not_a_regular_file' | 'other_owner' | 'hard_linked' | 'directory_writable_by_others';

/** Thrown if the file or its directory is not safe for records. The message contains no path. */
export class RefusedPathError extends Error {
  readonly reason: RefusedPath;

  constructor(reason: RefusedPath) {
    super(reason);
    this.name = 'RefusedPathError';
    this.reason = reason;
  }
}

export interface OpenRecordFile {
  readonly descriptor: number;
  /** True if the last byte is not a newline: a line was cut off, and the next record must begin with a newline. */
  readonly endsInsideLine: boolean;
}

const FILE_MODE = 0o600;
const DIRECTORY_MODE = 0o700;
const WRITABLE_BY_OTHERS = 0o022;
const STICKY = 0o1000;
const PERMISSIONS = 0o777;
const NEWLINE = 0x0a;

/**
 * Opens a record file for appending. Refuses a file that another user owns or could replace. Never changes its
 * existing contents.
 *
 * @throws RefusedPathError, or the error of the platform
 */
export function openRecordFile(path: string, platform: FilePlatform): OpenRecordFile {
  const { fileSystem } = platform;
  prepareDirectory(directoryOf(path, platform), platform);
  const { O_APPEND, O_CREAT, O_WRONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fileSystem.constants;
  // Without O_NONBLOCK, opening a pipe without a reader would block the process. Node always sets close-on-exec.
  const flags = O_APPEND | O_CREAT | O_WRONLY | O_NOFOLLOW | O_NONBLOCK;
  const descriptor = fileSystem.openSync(path, flags, FILE_MODE);
  try {
    const status = fileSystem.fstatSync(descriptor);
    checkFile(status, platform);
    if (platform.userId !== undefined && (status.mode & PERMISSIONS) !== FILE_MODE) {
      fileSystem.fchmodSync(descriptor, FILE_MODE);
    }
    return { descriptor, endsInsideLine: endsInsideLine(path, status, fileSystem) };
  } catch (error) {
    closeQuietly(descriptor, fileSystem);
    throw error;
  }
}

/** Closes a descriptor and ignores errors: a full disk may be reported only here, and nothing can be done about it. */
export function closeQuietly(descriptor: number, fileSystem: FileSystem): void {
  try {
    fileSystem.closeSync(descriptor);
  } catch {
    // The descriptor is released even if closing fails.
  }
}

function prepareDirectory(directory: string, { fileSystem, userId }: FilePlatform): void {
  fileSystem.mkdirSync(directory, { recursive: true, mode: DIRECTORY_MODE });
  const { mode } = fileSystem.statSync(directory);
  // A user who can write to the directory can replace the file, unless the sticky bit is set.
  if (userId !== undefined && (mode & WRITABLE_BY_OTHERS) !== 0 && (mode & STICKY) === 0) {
    throw new RefusedPathError('directory_writable_by_others');
  }
}

function checkFile(status: FileStatus, { userId }: FilePlatform): void {
  if (!status.isFile()) {
    throw new RefusedPathError('not_a_regular_file');
  }
  if (userId !== undefined && status.uid !== userId) {
    throw new RefusedPathError('other_owner');
  }
  if (status.nlink > 1) {
    throw new RefusedPathError('hard_linked');
  }
}

/**
 * Reads the last byte through a second descriptor, because the first can only append. Returns true if reading fails: an
 * extra blank line is harmless.
 */
function endsInsideLine(path: string, appended: FileStatus, fileSystem: FileSystem): boolean {
  if (appended.size === 0) {
    return false;
  }
  const { O_RDONLY, O_NOFOLLOW = 0, O_NONBLOCK = 0 } = fileSystem.constants;
  let descriptor: number | undefined;
  try {
    descriptor = fileSystem.openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    const status = fileSystem.fstatSync(descriptor);
    const last = new Uint8Array(1);
    const isSame = status.ino === appended.ino && status.dev === appended.dev;
    return !isSame || fileSystem.readSync(descriptor, last, 0, 1, status.size - 1) !== 1 || last[0] !== NEWLINE;
  } catch {
    return true;
  } finally {
    if (descriptor !== undefined) {
      closeQuietly(descriptor, fileSystem);
    }
  }
}

/** The directory of a path, without `node:path`. A backslash separates folders on Windows only. */
function directoryOf(path: string, { userId }: FilePlatform): string {
  const end = Math.max(path.lastIndexOf('/'), userId === undefined ? path.lastIndexOf('\\') : -1);
  if (end < 0) {
    return '.';
  }
  return end === 0 ? path.charAt(0) : path.slice(0, end);
}
