import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** Exit codes of shells. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNALLED = 128;

/** Runs an agent on this very terminal and gives its exit code, as a shell would tell it. */
export function runAgent(
  command: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, [...words], { stdio: 'inherit', env: environment, shell: false });
    const end = (exitCode: number): void => {
      for (const [signal, listener] of listeners) {
        process.off(signal, listener);
      }
      process.off('exit', stop);
      resolve(exitCode);
    };
    // Ctrl-C reaches the agent by itself, since it shares our terminal; it decides what that means.
    const listeners: readonly (readonly [NodeJS.Signals, () => void])[] = [
      ['SIGINT', () => undefined],
      ['SIGQUIT', () => undefined],
      ['SIGTERM', () => void child.kill('SIGTERM')],
      ['SIGHUP', () => void child.kill('SIGHUP')],
    ];
    for (const [signal, listener] of listeners) {
      process.on(signal, listener);
    }
    // Should this process crash, an agent without a gateway is of no use.
    const stop = (): void => void child.kill('SIGTERM');
    process.once('exit', stop);
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE));
    child.once('exit', (code, signal) => end(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])));
  });
}
