/** The place of a line. */
export interface LinePlace {
  readonly path: string;
  readonly line: number;
}

/** The identity of a line: its writer and its number. */
export interface NumberedLine {
  readonly recordId: string;
  readonly seq: number;
}

/** Missing lines of one writer, and the place of the line after them. */
export interface SequenceGap extends LinePlace {
  readonly writer: string;
  readonly from: number;
  readonly to: number;
}

interface Run extends LinePlace {
  from: number;
  to: number;
}

/**
 * Finds missing and duplicate lines. Each writer numbers its lines from 1, and its lines share the last twelve digits of
 * `record_id`. Keeps one range of numbers per writer and gap, not one entry per line.
 */
export class SequenceCheck {
  readonly #runs = new Map<string, Run[]>();

  /** @returns true if an earlier line has the same writer and number */
  isRepeated({ recordId, seq }: NumberedLine, { path, line }: LinePlace): boolean {
    const writer = recordId.slice(-12);
    const runs = this.#runs.get(writer);
    const last = runs?.at(-1);
    if (runs === undefined || last === undefined) {
      this.#runs.set(writer, [{ from: seq, to: seq, path, line }]);
      return false;
    }
    if (seq === last.to + 1) {
      last.to = seq;
      return false;
    }
    if (seq > last.to) {
      runs.push({ from: seq, to: seq, path, line });
      return false;
    }
    return insert(runs, { from: seq, to: seq, path, line });
  }

  /** Returns the missing numbers between lines of one writer. */
  gaps(): readonly SequenceGap[] {
    return [...this.#runs].flatMap(([writer, runs]) =>
      runs.slice(1).map(({ from, path, line }, at) => ({
        path,
        line,
        writer,
        from: (runs[at]?.to ?? 0) + 1,
        to: from - 1,
      })),
    );
  }

  /** Returns the missing numbers before the first line of a writer. Those lines are lost, or in another file. */
  lateStarts(): readonly SequenceGap[] {
    return [...this.#runs].flatMap(([writer, [first]]) =>
      first === undefined || first.from <= 1
        ? []
        : [{ path: first.path, line: first.line, writer, from: 1, to: first.from - 1 }],
    );
  }
}

/** Inserts a number that is out of order. Returns true if it exists already. */
function insert(runs: Run[], late: Run): boolean {
  const at = runs.findIndex((run) => late.from <= run.to);
  const next = runs[at];
  if (next === undefined || late.from >= next.from) {
    return true;
  }
  const before = runs[at - 1];
  const joinsBefore = before !== undefined && before.to === late.from - 1;
  const joinsNext = next.from === late.from + 1;
  if (joinsBefore && joinsNext) {
    before.to = next.to;
    runs.splice(at, 1);
  } else if (joinsBefore) {
    before.to = late.to;
  } else if (joinsNext) {
    next.from = late.from;
  } else {
    runs.splice(at, 0, late);
  }
  return false;
}
