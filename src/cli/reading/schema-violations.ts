import type { RecordKind } from '../../records/shared/enums';
import { schemaProblems } from '../schemas/schema-problems';

/** Names of the fields that do not fit the schema of `kind`: ours only, since what does not belong may be called anything. */
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
