import { RefusedPathError } from './open-record-file';

/** What can go wrong with records. Each is told once. */
export type RecordFailure = 'open' | 'write' | 'short_write' | 'sync' | 'too_long' | 'secret_found' | 'build';

const WHAT_HAPPENED: Readonly<Record<RecordFailure, string>> = {
  open: 'The record file cannot be opened; records are dropped and counted until it can be.',
  write: 'A record could not be written; it is dropped and counted.',
  short_write: 'A record was written in part; the next one begins on a line of its own.',
  sync: 'The record file could not be forced to disk; its records may not survive a power cut.',
  too_long: 'A record is longer than 64 KiB; it is dropped and counted.',
  secret_found: 'A record held a live secret; it was withheld and counted. Rotate the key and report this.',
  build: 'A record could not be made; it is dropped and counted.',
};

const WHAT_TO_DO: Readonly<Record<string, string>> = {
  not_a_regular_file: 'Name a regular file, not a device, a pipe or a directory.',
  other_owner: 'The file belongs to another user: name another file.',
  hard_linked: 'The file has a second name (hard link): name another file.',
  directory_writable_by_others: 'Others may write in its directory: take that permission away or choose another.',
  ELOOP: 'The file is a symbolic link: name the file itself.',
  EACCES: 'Permission is denied (EACCES).',
  ENOSPC: 'The disk is full (ENOSPC).',
};

/** Tells each kind of failure once, without any content: neither path, nor record, nor the platform's own message. */
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
    const advice = reason === undefined ? '' : ` ${WHAT_TO_DO[reason] ?? `The system says ${reason}.`}`;
    try {
      this.#warn(`${WHAT_HAPPENED[failure]}${advice}`);
    } catch {
      // A logger that throws must not reach the call (J-11).
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
