import type { CallRecord } from '../../records/call-line/call-record';
import { contextOfLine } from '../../records/call-line/parse-call-record';
import type { Annotations } from '../../records/shared/annotations';
import type { RecordSource } from '../../records/shared/record-source';
import { usageError } from '../cli-error';

/** What builders need beside the facts. */
export interface LinesContext {
  readonly annotations: Annotations;
  readonly source: RecordSource;
}

type Lines = readonly [CallRecord, ...CallRecord[]];

/** What was said when the calls were made, and what a flag may say only where a line says nothing. */
const SAID_BY_LINES = [
  ['--run-id', 'runId'],
  ['--workflow', 'workflow'],
  ['--environment', 'environmentName'],
] as const;

/**
 * The operator's words beside what the lines say. Where lines do not agree on something it is left open, never taken from
 * one of them.
 *
 * @throws CliError (64) naming the flag that contradicts a line
 */
export function contextOfRecords(lines: Lines, annotations: Annotations): LinesContext {
  const contexts = lines.map(contextOfLine);
  for (const [flag, name] of SAID_BY_LINES) {
    const contradicts = contexts.some(
      ({ annotations: said }) => said[name] !== undefined && said[name] !== annotations[name],
    );
    if (annotations[name] !== undefined && contradicts) {
      throw usageError(`${flag} is not what the lines of these calls say. Leave it out, or choose other calls.`);
    }
  }
  return {
    annotations: { ...saidOnly(annotations), ...saidOnly(agreed(contexts.map((context) => context.annotations))) },
    source: agreed(contexts.map((context) => context.source)),
  };
}

function agreed<Context extends object>(contexts: readonly Context[]): Context {
  const [first, ...others] = contexts;
  const entries = Object.entries(first ?? {}).filter(([name, value]) =>
    others.every((other) => JSON.stringify(Reflect.get(other, name)) === JSON.stringify(value)),
  );
  // Every property of these contexts is optional, so any choice of them is one.
  return Object.fromEntries(entries) as Context;
}

/** Drops what nobody said, so that it does not hide what somebody did. */
function saidOnly(words: Annotations): Annotations {
  return Object.fromEntries(Object.entries(words).filter(([, value]) => value !== undefined));
}
