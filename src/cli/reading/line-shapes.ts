import type { AttemptFacts } from '../../facts/call-facts';
import type { CallRecord } from '../../records/call-line/call-record';
import { isMoment } from '../../records/call-line/parse-call-record';
import type { CallLine, LineShape } from './call-line';
import { endOfNumber, endOfText, isDigit, numberAt, standsAt } from './line-bytes';
import { type LinePart, partsOf, pathOf, SPELLINGS, spelled } from './line-parts';

/** A step of a shape: bytes that every line of it has here, and what follows them. */
interface Step {
  readonly literal: Uint8Array;
  readonly follows: 'text' | 'number' | 'end';
  /** What may come after the value; what was met last stands first. */
  readonly next: Step[];
  /** Of an end alone. */
  shape: KnownShape | undefined;
}

interface KnownShape extends LineShape {
  readonly isNumber: readonly boolean[];
  /** Where a path stands among the open values; of a list the first. */
  readonly places: ReadonlyMap<string, number>;
  /** Open values that builders calculate with. */
  readonly moments: readonly number[];
}

/** A service has some dozens. A file of somebody else's could have any number; it is parsed line by line then. */
const MAX_SHAPES = 1_000;
/** Looking at a line that teaches nothing costs as much as parsing it; a file full of such lines is given up on. */
const MAX_FAILURES = 1_000;
const MAX_VALUES = 1_000;
const MOMENTS = ['ts', 'facts.startedAt', 'facts.endedAt'];

/**
 * Recognises lines of the shape of an earlier one: the same names and words in the same order, with other numbers and
 * identifiers. Nearly all lines of a file are such. They are compared byte by byte instead of being parsed, and what is
 * asked for is taken from its place, which costs a third. Whatever is not exactly so is not recognised.
 */
export class LineShapes {
  readonly #first: Step[] = [];
  /** Where the open values of the line stand that was recognised last. */
  readonly #from = new Int32Array(MAX_VALUES);
  readonly #to = new Int32Array(MAX_VALUES);
  #learned = 0;
  #failures = 0;

  /** @returns the line between `start` and `end`, valid until the next call, or `undefined` when it must be parsed */
  recognise(bytes: Buffer, start: number, end: number): CallLine | undefined {
    const shape = this.#shapeAt(bytes, start, end);
    if (shape === undefined || !this.#hasMoments(shape, bytes)) {
      return undefined;
    }
    return new ShapedLine(shape, bytes, this.#from, this.#to, start, end);
  }

  /** @param line the bytes that `record` was parsed of */
  learn(record: CallRecord, line: Buffer): void {
    if (this.#learned >= MAX_SHAPES || this.#failures >= MAX_FAILURES) {
      return;
    }
    const parts = SPELLINGS.map((spelling) => partsOf(record, spelling)).find(
      (pieces) => pieces.length <= MAX_VALUES && line.equals(Buffer.from(spelled(pieces))),
    );
    if (parts === undefined) {
      this.#failures++;
      return;
    }
    this.#learned++;
    let steps = this.#first;
    for (const { literal, slot } of parts) {
      const follows = slot === undefined ? 'end' : typeof slot.value === 'number' ? 'number' : 'text';
      const step = stepOf(steps, Buffer.from(literal), follows);
      if (slot === undefined) {
        step.shape ??= shapeOf(record, parts);
      }
      steps = step.next;
    }
  }

  #shapeAt(bytes: Buffer, start: number, end: number): KnownShape | undefined {
    let steps = this.#first;
    let at = start;
    for (let value = 0; ; value++) {
      const step = stepAt(steps, bytes, at, end);
      if (step === undefined || step.follows === 'end') {
        return step?.shape;
      }
      at += step.literal.length;
      this.#from[value] = at;
      at = step.follows === 'text' ? endOfText(bytes, at, end) : endOfNumber(bytes, at, end);
      if (at < 0) {
        return undefined;
      }
      this.#to[value] = at;
      steps = step.next;
    }
  }

  #hasMoments({ moments }: KnownShape, bytes: Buffer): boolean {
    return moments.every((place) => isMoment(bytes.toString('latin1', this.#from[place], this.#to[place])));
  }
}

/** Takes values from where they stand, when they are asked for. */
class ShapedLine implements CallLine {
  readonly shape: KnownShape;
  readonly #bytes: Buffer;
  readonly #from: Int32Array;
  readonly #to: Int32Array;
  readonly #start: number;
  readonly #end: number;

  constructor(shape: KnownShape, bytes: Buffer, from: Int32Array, to: Int32Array, start: number, end: number) {
    this.shape = shape;
    this.#bytes = bytes;
    this.#from = from;
    this.#to = to;
    this.#start = start;
    this.#end = end;
  }

  get like(): CallRecord {
    return this.shape.like;
  }

  get attempts(): readonly AttemptFacts[] {
    const name = this.#bytes.indexOf('"attempts"', this.#start);
    const from = this.#bytes.indexOf('[', name);
    // Attempts hold no list, and no text in them a bracket.
    const to = this.#bytes.indexOf(']', from) + 1;
    // They have the shape of attempts that were checked, and values of the same kinds.
    return JSON.parse(this.#bytes.toString('latin1', from, to)) as readonly AttemptFacts[];
  }

  get record(): CallRecord {
    // It has the shape of a record that was checked, and values of the same kinds.
    return JSON.parse(this.#bytes.toString('utf8', this.#start, this.#end)) as CallRecord;
  }

  text(path: string): string | undefined {
    const place = this.shape.places.get(path);
    return place === undefined ? undefined : this.#bytes.toString('latin1', this.#from[place], this.#to[place]);
  }

  number(path: string): number | undefined {
    const place = this.shape.places.get(path);
    return place === undefined ? undefined : numberAt(this.#bytes, this.#from[place] ?? 0, this.#to[place] ?? 0);
  }

  openValues(): readonly (string | number)[] {
    return this.shape.isNumber.map((isNumber, place) =>
      isNumber
        ? numberAt(this.#bytes, this.#from[place] ?? 0, this.#to[place] ?? 0)
        : this.#bytes.toString('latin1', this.#from[place], this.#to[place]),
    );
  }
}

function shapeOf(record: CallRecord, parts: readonly LinePart[]): KnownShape {
  const slots = parts.map(({ slot }) => slot).filter((slot) => slot !== undefined);
  const paths = slots.map(({ keys }) => pathOf(keys));
  return {
    like: record,
    paths,
    isNumber: slots.map(({ value }) => typeof value === 'number'),
    places: new Map(paths.map((path, place) => [path, place] as const).reverse()),
    moments: paths.flatMap((path, place) => (MOMENTS.includes(path) ? [place] : [])),
  };
}

function stepOf(steps: Step[], literal: Buffer, follows: Step['follows']): Step {
  const known = steps.find((step) => step.follows === follows && literal.equals(step.literal));
  const step = known ?? { literal, follows, next: [], shape: undefined };
  if (known === undefined) {
    steps.push(step);
  }
  return step;
}

/** At most one step fits: no literal goes on with what may begin a value. */
function stepAt(steps: Step[], bytes: Buffer, at: number, end: number): Step | undefined {
  for (let place = 0; place < steps.length; place++) {
    const step = steps[place];
    if (step !== undefined && standsAt(step.literal, bytes, at) && goesOn(step, bytes, at, end)) {
      if (place > 0) {
        steps.splice(place, 1);
        steps.unshift(step);
      }
      return step;
    }
  }
  return undefined;
}

function goesOn({ follows, literal }: Step, bytes: Buffer, at: number, end: number): boolean {
  const behind = at + literal.length;
  switch (follows) {
    case 'end':
      return behind === end;
    case 'number':
      return behind < end && isDigit(bytes[behind]);
    case 'text':
      return behind < end;
  }
}
