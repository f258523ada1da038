import { createJsonlFile } from '../../sinks/jsonl-file';
import { CliError } from '../cli/cli-error';

/** Appends record lines to a record file, like a client does. @throws CliError if a line could not be written */
export function appendLines(path: string, lines: readonly string[]): void {
  const warnings: string[] = [];
  const sink = createJsonlFile({
    path,
    // With `sync: 'always'`, every line is written and synced immediately. No timer is needed.
    clock: { nowMs: () => performance.now(), setTimer: () => ({ cancel: () => {} }) },
    sync: 'always',
    warn: (message) => warnings.push(message),
  });
  for (const line of lines) {
    sink.write(line);
  }
  sink.close();
  const [warning] = warnings;
  if (warning !== undefined) {
    throw new CliError(`${path}: ${warning}`);
  }
}
