import { type ParsedLine, parseCallRecord } from '../../records/call-line/parse-call-record';
import { recordBehind } from '../../records/call-line/read-record-lines';
import { parsedCallLine } from './call-line';
import type { LineShapes } from './line-shapes';
import { oddField } from './odd-field';
import type { PassesOver, RecordLine } from './read-record-files';

const CARRIAGE_RETURN = 0x0d;

/** Reads the lines of one file, and counts them. */
export class LineReader {
  readonly path: string;
  readonly #shapes: LineShapes;
  readonly #passesOver: PassesOver | undefined;
  #line = 0;

  constructor(path: string, shapes: LineShapes, passesOver: PassesOver | undefined) {
    this.path = path;
    this.#shapes = shapes;
    this.#passesOver = passesOver;
  }

  /** What stands between `from` and `end`: nothing, one line, or half of one and a record behind it. */
  line(bytes: Buffer, from: number, end: number): readonly RecordLine[] {
    const line = ++this.#line;
    const { path } = this;
    // What editors on Windows end a line with.
    const to = end > from && bytes[end - 1] === CARRIAGE_RETURN ? end - 1 : end;
    if (this.#passesOver?.(bytes.toString('utf8', from, to)) === true) {
      return [];
    }
    const call = this.#shapes.recognise(bytes, from, to);
    if (call !== undefined) {
      return [{ path, line, parsed: { kind: 'call', call }, text: () => bytes.toString('utf8', from, to) }];
    }
    const text = bytes.toString('utf8', from, to);
    const parsed = parseCallRecord(text);
    if (parsed.kind === 'blank') {
      return [];
    }
    const read = found(parsed);
    if (read.kind === 'call') {
      this.#shapes.learn(read.call.record, bytes.subarray(from, to));
    }
    const behind = recordBehind(text, parsed);
    return [
      { path, line, text: () => text, parsed: read },
      ...(behind === undefined ? [] : [{ path, line, text: () => '', parsed: found(behind) }]),
    ];
  }

  /** A line of which nothing was kept. */
  tooLong(): readonly RecordLine[] {
    this.#line++;
    return [{ path: this.path, line: this.#line, text: () => '', parsed: { kind: 'foreign', because: 'too_long' } }];
  }
}

function found(parsed: ParsedLine): RecordLine['parsed'] {
  if (parsed.kind !== 'call') {
    return parsed;
  }
  const field = oddField(parsed.record);
  const call = parsedCallLine(parsed.record);
  return field === undefined ? { kind: 'call', call } : { kind: 'odd_call', call, field };
}
