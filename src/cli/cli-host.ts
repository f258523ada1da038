/** A text output such as `process.stdout`. */
export interface TextStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** The parts of the process that commands use. Tests pass their own. */
export interface CliHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Wall clock time, in milliseconds since the epoch. */
  now(): number;
}

export function processHost(): CliHost {
  return { environment: process.env, stdout: process.stdout, stderr: process.stderr, now: Date.now };
}
