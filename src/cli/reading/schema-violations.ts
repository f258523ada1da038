import type { RecordKind } from '../../records/shared/enums';
import { RECORD_SCHEMAS } from '../schemas/record-schemas';

/** Names of the fields that do not fit the schema of `kind`: ours only, since what does not belong may be called anything. */
export function schemaViolations(kind: RecordKind, record: unknown): readonly string[] {
  const { error } = RECORD_SCHEMAS[kind].safeParse(record);
  const paths = (error?.issues ?? []).map((issue) =>
    issue.code === 'unrecognized_keys' ? [...issue.path, `${issue.keys.length} unknown`] : issue.path,
  );
  return [...new Set(paths.map(pathText))];
}

function pathText(path: readonly PropertyKey[]): string {
  return path
    .map((part, at) => (typeof part === 'number' ? `[${part}]` : `${at === 0 ? '' : '.'}${String(part)}`))
    .join('');
}
