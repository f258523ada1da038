import type { CallRecord } from './call-record';
import { factsJson } from './facts-json';

/** JSON of objects that are the same for many lines: the settings of a client, its library, where it runs. */
const written = new WeakMap<object, string>();

/**
 * A call record as the line of a record file, with the settings at the end of the facts. Every text in it is a closed
 * word, a number or a checked label, so nothing can break or disguise the line (J-10): it needs no escapes.
 * What many lines share is written out once.
 */
export function callLine(record: CallRecord): string {
  const { schema_version, record_id, seq, ts, mono_ms, run_id, workflow, facts } = record;
  return (
    `{"record":"call","schema_version":${schema_version},"record_id":"${record_id}","seq":${seq},"ts":"${ts}",` +
    `"mono_ms":${mono_ms},"library":${writtenOnce(record.library)},"environment":${writtenOnce(record.environment)},` +
    `"run_id":${named(run_id)},"workflow":${named(workflow)},` +
    `"facts":${factsJson(facts, writtenOnce(facts.settings))},` +
    `"redaction_check":"${record.redaction_check}"}`
  );
}

function named(name: CallRecord['run_id']): string {
  return name === null ? 'null' : `"${name}"`;
}

function writtenOnce(part: object): string {
  const known = written.get(part);
  if (known !== undefined) {
    return known;
  }
  const text = JSON.stringify(part);
  // What could still change must be written out anew.
  if (Object.isFrozen(part)) {
    written.set(part, text);
  }
  return text;
}
