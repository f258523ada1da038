import type { LinePlace } from './sequence-check';

/** What may be wrong with a record file, with what it means. */
export const PROBLEMS = {
  secret: ['fail', 'holds what may be a secret'],
  torn: ['fail', 'is no whole JSON: a process died while it wrote, or this is no record file'],
  too_long: ['fail', 'is longer than any record, and was not looked through'],
  shape: ['fail', 'is a call record without the fields, or with words, that facts have'],
  schema: ['fail', 'does not fit the schema of its kind'],
  duplicate: ['fail', 'was written twice: its writer and number were there before'],
  gap: ['fail', 'comes after lines that are missing: lost, or withheld'],
  starts_late: [
    'needs_follow_up',
    'is the first of its writer, but not its number 1: earlier lines are lost or in another file',
  ],
  not_an_object: ['needs_follow_up', 'is JSON, but no record'],
  unknown_record: ['needs_follow_up', 'is a record of a kind unknown to this version'],
  schema_of_other_version: ['needs_follow_up', 'does not fit the schema of this version, and was written by another'],
  unknown_schema_version: ['needs_follow_up', 'is a record of another schema version'],
  no_record: ['needs_follow_up', 'there is no record in it'],
} as const satisfies Readonly<Record<string, readonly ['fail' | 'needs_follow_up', string]>>;

export type ProblemKind = keyof typeof PROBLEMS;

export interface RecordProblem extends LinePlace {
  readonly kind: ProblemKind;
  /** Names of fields or numbers of lines, never what was found. */
  readonly detail: string | null;
}

/** A file of garbage has a problem on every line; nobody reads more of one kind. */
const MAX_PER_KIND = 10;

/** Counts all problems and keeps the first of each kind. */
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
