import type { AttemptFacts, UsageFacts } from '../../facts/call-facts';
import type { CallRecord } from '../../records/call-line/call-record';

/** The line of a call, as far as it has been looked at. Valid until the next line is taken. */
export interface CallLine {
  /**
   * A call with the same words in the same places: this one, or an earlier one that differs from it in its
   * {@link openValues} alone.
   */
  readonly like: CallRecord;
  /** What stands in an open place, such as `facts.callId`; `undefined` when the call has no such value. */
  text(path: OpenText): string | undefined;
  number(path: OpenNumber): number | undefined;
  /** What stands in every open place of the line, in the order of the places of its shape. */
  openValues(): readonly (string | number)[];
  /** The shape it has in common with other lines; `undefined` for one that was parsed. */
  readonly shape: LineShape | undefined;
  /** Its attempts; parsed when they are asked for, which costs a third of the whole call. */
  readonly attempts: readonly AttemptFacts[];
  /** The whole call; parsed when it is asked for. */
  readonly record: CallRecord;
}

/** What lines have in common that differ in open values alone. */
export interface LineShape {
  readonly like: CallRecord;
  /** Where its open values belong; `[]` stands for every place in a list: `facts.attempts[].durationMs`. */
  readonly paths: readonly string[];
}

/** Texts that differ from call to call. */
export type OpenText =
  | 'record_id'
  | 'run_id'
  | 'workflow'
  | 'facts.callId'
  | 'facts.startedAt'
  | 'facts.endedAt'
  | 'facts.requestId'
  | 'facts.request.model';

/** Numbers that do. */
export type OpenNumber = 'seq' | 'facts.durationMs' | `facts.response.usage.${keyof UsageFacts}`;

/** A line that was parsed whole. */
export function parsedCallLine(record: CallRecord): CallLine {
  const valueAt = (path: string): unknown =>
    path
      .split('.')
      .reduce<unknown>((inside, name) => (isObject(inside) ? Reflect.get(inside, name) : undefined), record);
  return {
    like: record,
    record,
    attempts: record.facts.attempts,
    shape: undefined,
    text(path) {
      const value = valueAt(path);
      return typeof value === 'string' ? value : undefined;
    },
    number(path) {
      const value = valueAt(path);
      return typeof value === 'number' ? value : undefined;
    },
    openValues: () => [],
  };
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
