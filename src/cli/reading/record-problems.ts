import type { LinePlace } from './sequence-check';

/** The problems of record files: the result they lead to, and their description. */
export const PROBLEMS = {
  secret: ['fail', 'may contain a secret'],
  torn: ['fail', 'not complete JSON: a process ended while it wrote, or the file is not a record file'],
  too_long: ['fail', 'longer than any record; its content was not checked'],
  shape: ['fail', 'call record with missing fields or invalid values'],
  schema: ['fail', 'does not match the schema of its kind'],
  duplicate: ['fail', 'an earlier line has the same writer and number'],
  gap: ['fail', 'lines before this one are missing: lost or withheld'],
  starts_late: ['needs_follow_up', 'the first lines of this writer are missing: lost or in another file'],
  not_an_object: ['needs_follow_up', 'JSON, but not a cometapi-otel record'],
  unknown_record: ['needs_follow_up', 'record of a kind that this version does not know'],
  schema_of_other_version: ['needs_follow_up', 'written by another version; does not match the schema of this version'],
  unknown_schema_version: ['needs_follow_up', 'record of another schema version'],
  no_record: ['needs_follow_up', 'the file contains no record'],
} as const satisfies Readonly<Record<string, readonly ['fail' | 'needs_follow_up', string]>>;

export type ProblemKind = keyof typeof PROBLEMS;

export interface RecordProblem extends LinePlace {
  readonly kind: ProblemKind;
  /** Names of fields or line numbers, never content. */
  readonly detail: string | null;
}

/** A damaged file may have a problem on every line. More examples of one kind do not help the reader. */
const MAX_PER_KIND = 10;

/** Counts all problems, and keeps the first ten of each kind. */
export class RecordProblems {
  readonly #counts = new Map<ProblemKind, number>();
  readonly #first: RecordProblem[] = [];

  add(kind: ProblemKind, { path, line }: LinePlace, detail: string | null = null): void {
    const count = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, count);
    if (count <= MAX_PER_KIND) {
      this.#first.push({ path, line, kind, detail });
    }
  }

  get first(): readonly RecordProblem[] {
    return this.#first;
  }

  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.#counts);
  }

  get total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }

  get result(): 'pass' | 'fail' | 'needs_follow_up' {
    const meanings = [...this.#counts.keys()].map((kind) => PROBLEMS[kind][0]);
    return meanings.includes('fail') ? 'fail' : meanings.length > 0 ? 'needs_follow_up' : 'pass';
  }
}
