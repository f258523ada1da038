import type { CallRecord } from './call-record';
import { serialise } from './serialise';

/** JSON of objects that are the same for many lines: the settings of a client, its library, where it runs. */
const written = new WeakMap<object, string>();

/**
 * A call record as the line of a record file: what {@link serialise} gives, with the settings at the end of the facts.
 * What many lines share is written out once, and the rest is copied first: a frozen object takes half as long again.
 */
export function callLine(record: CallRecord): string {
  const { library, environment, run_id, workflow, facts, redaction_check, ...stamp } = record;
  const { settings } = facts;
  // Left out by JSON, which costs a tenth of leaving it out of the copy.
  const changing = { ...facts, settings: undefined };
  return `${opened(serialise(stamp))},"library":${writtenOnce(library)},"environment":${writtenOnce(environment)},${inside(
    serialise({ run_id, workflow }),
  )},"facts":${opened(serialise(changing))},"settings":${writtenOnce(settings)}},${inside(serialise({ redaction_check }))}}`;
}

function opened(json: string): string {
  return json.slice(0, -1);
}

function inside(json: string): string {
  return json.slice(1, -1);
}

function writtenOnce(part: object): string {
  const known = written.get(part);
  if (known !== undefined) {
    return known;
  }
  const text = serialise(part);
  // What could still change must be written out anew.
  if (Object.isFrozen(part)) {
    written.set(part, text);
  }
  return text;
}
