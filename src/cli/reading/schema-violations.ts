import type { RecordKind } from '../../records/shared/enums';
import { schemaProblems } from '../schemas/schema-problems';

/**
 * Returns the fields of `record` that do not match the schema of `kind`. Counts unknown fields instead of naming them,
 * because their names may contain anything.
 */
export function schemaViolations(kind: RecordKind, record: unknown): readonly string[] {
  const paths = schemaProblems(kind, record).map(({ path, unknownFields }) =>
    unknownFields > 0 ? [...path, `${unknownFields} unknown`] : path,
  );
  return [...new Set(paths.map(pathText))];
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
