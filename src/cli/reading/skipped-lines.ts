import type { Output } from '../output/output';
import type { RecordLine } from './read-record-files';

const MAX_PLACES = 5;

/** Counts the lines that are not records of this version, and keeps the places of the first five. */
export class SkippedLines {
  readonly #places: string[] = [];
  #count = 0;

  note({ parsed, path, line }: RecordLine): void {
    const because = reasonOf(parsed);
    if (because === undefined) {
      return;
    }
    this.#count++;
    if (this.#places.length < MAX_PLACES) {
      this.#places.push(`${path}:${line} ${because.replaceAll('_', ' ')}`);
    }
  }

  get count(): number {
    return this.#count;
  }

  /** Reports the skipped lines on stderr, if there are any. */
  report(output: Output): void {
    const remark = this.remark();
    if (remark !== undefined) {
      output.note(remark);
    }
  }

  /** Returns one sentence, or `undefined` if no line was skipped. */
  remark(): string | undefined {
    if (this.#count === 0) {
      return undefined;
    }
    const more = this.#count > this.#places.length ? ', …' : '';
    return `${this.#count} ${this.#count === 1 ? 'line was' : 'lines were'} not read (${this.#places.join(', ')}${more}).`;
  }
}

function reasonOf(parsed: RecordLine['parsed']): string | undefined {
  switch (parsed.kind) {
    case 'torn':
      return 'torn';
    case 'foreign':
      return parsed.because;
    case 'call':
    case 'other_record':
    case 'blank':
      return undefined;
  }
}
