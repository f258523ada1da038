import type { ClientOptions } from '../../config/options';
import type { CliHost } from '../cli-host';

type Logger = NonNullable<ClientOptions['logger']>;

/** Logs to stderr, because callers read the `listening` line from stdout. */
export function stderrLogger({ stderr }: CliHost): Logger {
  const write = (message: string, line?: unknown): void =>
    void stderr.write(`${message}${line === undefined ? '' : ` ${JSON.stringify(line)}`}\n`);
  return { error: write, warn: write, info: write, debug: write };
}

/** Keeps up to 100 log lines while the agent uses the terminal. `release` writes them to stderr. */
export function bufferedLogger({ stderr }: CliHost): Logger & { release(): void } {
  const held: string[] = [];
  const keep = (message: string, line?: unknown): void => {
    if (held.length < 100) {
      held.push(`${message}${line === undefined ? '' : ` ${JSON.stringify(line)}`}\n`);
    }
  };
  return {
    error: keep,
    warn: keep,
    info: keep,
    debug: keep,
    release: () => void held.splice(0).forEach((text) => void stderr.write(text)),
  };
}
