import { type ChildProcess, spawn } from 'node:child_process';
import { afterAll, beforeAll } from 'vitest';
import { type BundledProgram, bundleProgram } from '../support/bundle-program';

/** The command in a separate process, built from the current sources. */
export interface CliProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout contains `part`. */
  seen(part: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface CliProcessOptions {
  readonly environment?: Readonly<Record<string, string>>;
  /** Starts a separate process group, as a terminal does. */
  readonly detached?: boolean;
}

let program: BundledProgram | undefined;

/** Bundles the command for all tests of a file. */
export function bundleCli(): void {
  beforeAll(async () => {
    program = await bundleProgram('src/cli/main.ts', { seesPackages: true });
  });
  afterAll(() => program?.remove());
}

/** Needs {@link bundleCli}. */
export function startCli(words: readonly string[], options: CliProcessOptions = {}): CliProcess {
  const child = spawn(process.execPath, ['--no-warnings', program?.file ?? '', ...words], {
    env: { PATH: process.env['PATH'], ...options.environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: options.detached ?? false,
  });
  let stdout = '';
  let stderr = '';
  const waiting = new Set<() => void>();
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk;
    for (const check of waiting) {
      check();
    }
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk;
  });
  return {
    child,
    stdout: () => stdout,
    stderr: () => stderr,
    seen: (part) =>
      new Promise((resolve, reject) => {
        const check = (): void => {
          if (stdout.includes(part)) {
            waiting.delete(check);
            resolve();
          }
        };
        waiting.add(check);
        child.once('close', () => reject(new Error(`ended without printing ${part}: ${stderr}`)));
        check();
      }),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  };
}
