/** Exit codes of the commands, for scripts and CI. */
export const EXIT = {
  pass: 0,
  /** The check failed, or a file could not be read or written. */
  fail: 1,
  /** The command ran, and a person must review the result. */
  needsFollowUp: 2,
  /** A flag, an argument or an environment variable is invalid. Correct it and run the command again. */
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
