import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));

/** The command in a process of its own, run from the sources. */
export interface CliProcess {
  readonly child: ChildProcess;
  stdout(): string;
  stderr(): string;
  /** Resolves when stdout holds `part`. */
  seen(part: string): Promise<void>;
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

export interface CliProcessOptions {
  readonly environment?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** A process group of its own, as in a terminal. */
  readonly detached?: boolean;
}

export function startCli(words: readonly string[], options: CliProcessOptions = {}): CliProcess {
  const child = spawn(
    process.execPath,
    ['--no-warnings', '--import', `${ROOT}test/support/run-sources.ts`, `${ROOT}src/node/cli/main.ts`, ...words],
    {
      cwd: options.cwd ?? ROOT,
      env: { PATH: process.env['PATH'], ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: options.detached ?? false,
    },
  );
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
        child.once('close', () => reject(new Error(`ended without saying ${part}: ${stderr}`)));
        check();
      }),
    ended: new Promise((resolve) => child.once('close', (code, signal) => resolve({ code, signal }))),
  };
}
