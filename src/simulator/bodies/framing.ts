import { encodeText, type Step, type Steps } from '../step';
import { concat } from './concat';

/**
 * Options of `scenario.framing()`: different ways to write the same events.
 *
 * The event-stream standard allows all of them except `invalidUtf8` and `finalNewline: false`.
 */
export interface FramingOptions {
  /** Line ending. `mixed` changes it from line to line. @default '\n' */
  readonly lineEnd?: '\n' | '\r' | '\r\n' | 'mixed';
  /** A byte-order mark before the first line. @default false */
  readonly byteOrderMark?: boolean;
  /** A space after `data:`. @default true */
  readonly spaceAfterColon?: boolean;
  /** Splits JSON over several `data:` lines. @default false */
  readonly severalDataLines?: boolean;
  /** A comment before each event. @default false */
  readonly comments?: boolean;
  /** `id:` and `retry:` fields in each event. @default false */
  readonly idAndRetry?: boolean;
  /** An event with an unknown name after each event. @default false */
  readonly unknownEvents?: boolean;
  /** An event with empty data after each event. @default false */
  readonly emptyData?: boolean;
  /** A comment with bytes that are not UTF-8 before each event. @default false */
  readonly invalidUtf8?: boolean;
  /** `false` omits the empty line after the last event, so a standard parser drops that event. @default true */
  readonly finalNewline?: boolean;
  /** Bytes in each write. Splits lines and characters. @default one event per write */
  readonly bytesPerWrite?: number;
}

const LINE_ENDS = ['\n', '\r\n', '\r'] as const;
/** An empty line after a lone CR must not end in a lone LF, because CR and LF together form one line ending. */
const EMPTY_LINE_ENDS = ['\r\n', '\r'] as const;

/** Reframes the events of a stream. Other answers are unchanged. */
export function* reframed(steps: Steps, options: FramingOptions): Generator<Step> {
  let written = 0;
  let held: Uint8Array | undefined;
  for (const step of steps) {
    if (step.kind !== 'event') {
      if (held !== undefined && step.kind !== 'wait') {
        yield* split(options.finalNewline === false ? withoutEmptyLine(held) : held, options.bytesPerWrite);
        held = undefined;
      }
      yield step;
      continue;
    }
    // Writes one event late, because only the next step shows which event is the last.
    if (held !== undefined) {
      yield* split(held, options.bytesPerWrite);
    }
    held = frame(step, options, written++);
  }
}

function frame(event: Step & { readonly kind: 'event' }, options: FramingOptions, index: number): Uint8Array {
  const space = options.spaceAfterColon === false ? '' : ' ';
  const lines: string[] = [];
  if (options.comments === true) {
    lines.push(`:${space}simulated comment`);
  }
  if (options.idAndRetry === true) {
    lines.push(`id:${space}${index}`, `retry:${space}1000`);
  }
  if (event.name !== undefined) {
    lines.push(`event:${space}${event.name}`);
  }
  for (const line of options.severalDataLines === true ? dataLines(event.data) : [event.data]) {
    lines.push(`data:${space}${line}`);
  }
  lines.push('');
  if (options.unknownEvents === true) {
    lines.push(`event:${space}simulated.unknown`, `data:${space}{"type":"simulated.unknown"}`, '');
  }
  if (options.emptyData === true) {
    lines.push('data:', '');
  }
  const text = lines
    .map((line, number) => line + lineEnd(options.lineEnd ?? '\n', line === '', index + number))
    .join('');
  const prefix = options.byteOrderMark === true && index === 0 ? '\ufeff' : '';
  const bytes = encodeText(prefix + text);
  // 0xff never occurs in UTF-8. In a comment it does not affect any event.
  return options.invalidUtf8 === true ? concat([Uint8Array.of(0x3a, 0xff, 0xfe, 0x0a), bytes]) : bytes;
}

function lineEnd(wanted: '\n' | '\r' | '\r\n' | 'mixed', isEmptyLine: boolean, number: number): string {
  if (wanted !== 'mixed') {
    return wanted;
  }
  const ends = isEmptyLine ? EMPTY_LINE_ENDS : LINE_ENDS;
  return ends[number % ends.length] ?? '\n';
}

function dataLines(data: string): readonly string[] {
  return data.startsWith('{') ? JSON.stringify(JSON.parse(data), null, 1).split('\n') : [data];
}

function withoutEmptyLine(bytes: Uint8Array): Uint8Array {
  let end = bytes.length;
  while (end > 0 && (bytes[end - 1] === 0x0a || bytes[end - 1] === 0x0d)) {
    end--;
  }
  return bytes.subarray(0, end);
}

function* split(bytes: Uint8Array, bytesPerWrite: number | undefined): Generator<Step> {
  for (let at = 0; at < bytes.length; at += bytesPerWrite ?? bytes.length) {
    yield { kind: 'bytes', bytes: bytes.subarray(at, at + (bytesPerWrite ?? bytes.length)) };
  }
}
