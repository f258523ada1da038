import type { CallRecord } from '../../records/call-line/call-record';
import { contextOfLine } from '../../records/call-line/parse-call-record';
import type { Annotations } from '../../records/shared/annotations';
import type { RecordSource } from '../../records/shared/record-source';
import { usageError } from '../cli-error';

/** The input of a builder besides the facts. */
export interface LinesContext {
  readonly annotations: Annotations;
  readonly source: RecordSource;
}

type Lines = readonly [CallRecord, ...CallRecord[]];

/** Annotations of a line. A flag may set one only if the line does not. */
const LINE_ANNOTATIONS = [
  ['--run-id', 'runId'],
  ['--workflow', 'workflow'],
  ['--environment', 'environmentName'],
] as const;

/**
 * Merges the annotations of the flags with those of the lines. Omits a value that is not the same in all lines.
 *
 * @throws CliError (64) with the flag that contradicts a line
 */
export function contextOfRecords(lines: Lines, annotations: Annotations): LinesContext {
  const contexts = lines.map(contextOfLine);
  for (const [flag, name] of LINE_ANNOTATIONS) {
    const contradicts = contexts.some(
      ({ annotations: recorded }) => recorded[name] !== undefined && recorded[name] !== annotations[name],
    );
    if (annotations[name] !== undefined && contradicts) {
      throw usageError(`${flag} contradicts the record lines of these calls. Remove the flag, or select other calls.`);
    }
  }
  return {
    annotations: {
      ...definedOnly(annotations),
      ...definedOnly(agreed(contexts.map((context) => context.annotations))),
    },
    source: agreed(contexts.map((context) => context.source)),
  };
}

function agreed<Context extends object>(contexts: readonly Context[]): Context {
  const [first, ...others] = contexts;
  const entries = Object.entries(first ?? {}).filter(([name, value]) =>
    others.every((other) => JSON.stringify(Reflect.get(other, name)) === JSON.stringify(value)),
  );
  // Every property of a context is optional, so any subset of its entries is a context.
  return Object.fromEntries(entries) as Context;
}

/** Removes undefined values, because they would replace defined ones when objects are merged. */
function definedOnly(annotations: Annotations): Annotations {
  return Object.fromEntries(Object.entries(annotations).filter(([, value]) => value !== undefined));
}
