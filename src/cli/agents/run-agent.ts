import { spawn } from 'node:child_process';
import { constants } from 'node:os';

/** The exit codes that shells use. `SIGNALLED` is added to the number of the signal. */
const NOT_FOUND = 127;
const NOT_EXECUTABLE = 126;
const SIGNALLED = 128;

/** Runs an agent in this terminal. Returns its exit code, as a shell would. */
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
    // The agent shares our terminal, so Ctrl-C reaches it directly. These listeners only keep this process alive.
    const listeners: readonly (readonly [NodeJS.Signals, () => void])[] = [
      ['SIGINT', () => undefined],
      ['SIGQUIT', () => undefined],
      ['SIGTERM', () => void child.kill('SIGTERM')],
      ['SIGHUP', () => void child.kill('SIGHUP')],
    ];
    for (const [signal, listener] of listeners) {
      process.on(signal, listener);
    }
    // If this process crashes, stop the agent too: it cannot work without the gateway.
    const stop = (): void => void child.kill('SIGTERM');
    process.once('exit', stop);
    child.once('error', (error: NodeJS.ErrnoException) => end(error.code === 'ENOENT' ? NOT_FOUND : NOT_EXECUTABLE));
    child.once('exit', (code, signal) => end(code ?? SIGNALLED + (signal === null ? 0 : constants.signals[signal])));
  });
}
