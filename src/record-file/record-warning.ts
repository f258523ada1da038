import { RefusedPathError } from './open-record-file';

/** The kinds of record failure. Each is reported once per reason. */
export type RecordFailure = 'open' | 'write' | 'short_write' | 'sync' | 'too_long' | 'secret_found' | 'build';

const WHAT_HAPPENED: Readonly<Record<RecordFailure, string>> = {
  open: 'The record file cannot be opened. Records are dropped and counted until it opens.',
  write: 'A record could not be written. It was dropped and counted.',
  short_write: 'A record was written only in part. The next record begins on a new line.',
  sync: 'The record file could not be forced to disk. Its records may not survive a power cut.',
  too_long: 'A record is longer than 64 KiB. It was dropped and counted.',
  secret_found: 'A record contained an active secret. It was withheld and counted. Rotate the key and report this.',
  build: 'A record could not be created. It was dropped and counted.',
};

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  not_a_regular_file: 'Set recordFile to a regular file, not a device, pipe or directory.',
  other_owner: 'The file belongs to another user. Set recordFile to another file.',
  hard_linked: 'The file has a hard link. Set recordFile to another file.',
  directory_writable_by_others:
    'Other users can write to its directory. Remove that permission, or set recordFile to a file in another directory.',
  ELOOP: 'The file is a symbolic link. Set recordFile to the file itself.',
  EACCES: 'Permission denied (EACCES). Allow this process to write to the file and its directory.',
  ENOSPC: 'The disk is full (ENOSPC). Free some space.',
};

/** Reports each kind of failure once. The message contains no path, no record and no message of the platform. */
export class RecordWarnings {
  readonly #warn: (message: string) => void;
  readonly #told = new Set<string>();

  constructor(warn: (message: string) => void) {
    this.#warn = warn;
  }

  tell(failure: RecordFailure, error?: unknown): void {
    const reason = reasonOf(error);
    const key = `${failure} ${reason ?? ''}`;
    if (this.#told.has(key)) {
      return;
    }
    this.#told.add(key);
    const advice = reason === undefined ? '' : ` ${WHAT_TO_DO[reason] ?? `System error: ${reason}.`}`;
    try {
      this.#warn(`${WHAT_HAPPENED[failure]}${advice}`);
    } catch {
      // A logger that throws must not fail the call.
    }
  }
}

function reasonOf(error: unknown): string | undefined {
  if (error instanceof RefusedPathError) {
    return error.reason;
  }
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  return typeof code === 'string' && /^E[A-Z0-9]{1,15}$/.test(code) ? code : undefined;
}
