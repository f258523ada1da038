import { serialize } from '../../records/shared/serialize';
import type { CliHost, TextStream } from '../cli-host';
import { safeText } from './safe-text';

export interface OutputOptions {
  /** Print one JSON object on stdout and nothing else. */
  readonly json?: boolean | undefined;
  /** Print results and problems only; hide notes and progress. */
  readonly quiet?: boolean | undefined;
}

export type Colour = 'bold' | 'dim' | 'red' | 'green' | 'yellow' | 'cyan';

const CODES: Readonly<Record<Colour, readonly [number, number]>> = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
};

/** Writes results to stdout and notes to stderr. Every text passes through {@link safeText}. */
export interface Output {
  readonly json: boolean;
  readonly quiet: boolean;
  /** Returns `text` in `colour` if stdout is a terminal and NO_COLOR is not set. */
  paint(colour: Colour, text: string): string;
  /** Writes a result, and a line end if it has none. Resolves when stdout accepts more text. */
  result(text: string): Promise<void>;
  /** Writes the object of `--json`. */
  object(value: unknown): Promise<void>;
  /** Writes a part of a result unchanged. Lists use it to write while they read. */
  part(text: string): Promise<void>;
  /** Writes progress or a remark to stderr. Writes nothing with `--quiet`. */
  note(text: string): void;
}

export function createOutput(host: CliHost, { json = false, quiet = false }: OutputOptions): Output {
  const hasColour = (stream: TextStream): boolean =>
    stream.isTTY === true && !host.environment['NO_COLOR'] && host.environment['TERM'] !== 'dumb';
  const isColoured = hasColour(host.stdout) && !json;
  const part = async (text: string): Promise<void> => {
    if (!host.stdout.write(safeText(text, isColoured))) {
      await new Promise<void>((resolve) => host.stdout.once('drain', resolve));
    }
  };
  return {
    json,
    quiet,
    paint(colour, text) {
      if (!isColoured) {
        return text;
      }
      const [on, off] = CODES[colour];
      return `\u001b[${on}m${text}\u001b[${off}m`;
    },
    result: (text) => part(text === '' || text.endsWith('\n') ? text : `${text}\n`),
    object: (value) => part(`${serialize(value)}\n`),
    part,
    note(text) {
      if (!quiet) {
        host.stderr.write(`${safeText(text, false)}\n`);
      }
    },
  };
}
