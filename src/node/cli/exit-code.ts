/** How a command ended, for scripts and CI. */
export const EXIT = {
  pass: 0,
  /** The check failed, or a file could not be read or written. */
  fail: 1,
  /** It ran, and a person has to look. */
  needsFollowUp: 2,
  /** A flag, an argument or an environment variable has to be put right first; nothing was done. */
  usage: 64,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
