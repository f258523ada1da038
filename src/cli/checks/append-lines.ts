import { createJsonlFile } from '../../record-file/jsonl-file';
import { CliError } from '../cli-error';

/** Appends record lines to a record file, like a client does. @throws CliError if a line could not be written */
export function appendLines(path: string, lines: readonly string[]): void {
  const warnings: string[] = [];
  const sink = createJsonlFile({
    path,
    // A pending sync runs when the file is closed below, so no timer is needed.
    clock: { nowMs: () => performance.now(), setTimer: () => ({ cancel: () => {} }) },
    warn: (message) => warnings.push(message),
  });
  for (const line of lines) {
    sink.write(line, { sync: true });
  }
  sink.close();
  const [warning] = warnings;
  if (warning !== undefined) {
    throw new CliError(`${path}: ${warning}`);
  }
}
