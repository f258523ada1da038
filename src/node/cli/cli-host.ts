/** Where text goes. `process.stdout` is one. */
export interface TextStream {
  readonly isTTY?: boolean | undefined;
  write(text: string): boolean;
  once(event: 'drain', listener: () => void): unknown;
}

/** What commands take from the process; tests put in their own. */
export interface CliHost {
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly stdout: TextStream;
  readonly stderr: TextStream;
  /** Wall clock, milliseconds. */
  now(): number;
}

export function processHost(): CliHost {
  return { environment: process.env, stdout: process.stdout, stderr: process.stderr, now: Date.now };
}
