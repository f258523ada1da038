import { type Mismatch, type SchemaName, validate } from './validators.js';

/** A place in a value that does not match the schema. Contains no value and no unknown name. */
export interface SchemaProblem {
  /** The names and indexes that lead to the place. */
  readonly path: readonly (string | number)[];
  readonly code: ProblemCode;
  /** The number of unknown fields at the place. 0 for the other codes. */
  readonly unknownFields: number;
}

export type ProblemCode = 'invalid_type' | 'invalid_value' | 'too_big' | 'unrecognized_keys';

/** Returns the places at which `value` does not match a schema. The value is valid if there are none. */
export function schemaProblems(schema: SchemaName, value: unknown): readonly SchemaProblem[] {
  if (value === undefined) {
    return [{ path: [], code: 'invalid_type', unknownFields: 0 }];
  }
  return validate({ [schema]: value }) ? [] : problemsOf(validate.errors ?? []);
}

function problemsOf(mismatches: readonly Mismatch[]): readonly SchemaProblem[] {
  const problems = new Map<string, SchemaProblem>();
  const parents = new Set<string>();
  for (const mismatch of mismatches) {
    const code = codeOf(mismatch);
    const place = placeOf(mismatch);
    const isUnknown = code === 'unrecognized_keys';
    const unknownFields = isUnknown ? (problems.get(place)?.unknownFields ?? 0) + 1 : 0;
    problems.set(place, { path: pathOf(isUnknown ? mismatch.path : place), code, unknownFields });
    for (let end = place.lastIndexOf('/'); end > 0; end = place.lastIndexOf('/', end - 1)) {
      parents.add(place.slice(0, end));
    }
  }
  // A value that matches no type of a union has mismatches of its own and inside. Those inside say more.
  return [...problems].filter(([place]) => !parents.has(place)).map(([, problem]) => problem);
}

/** All unknown fields of an object share a place, which is not the place of the object. */
function placeOf({ path, keyword, field }: Mismatch): string {
  switch (keyword) {
    case 'required':
      return `${path}/${field}`;
    case 'additionalProperties':
      return `${path}/?`;
    default:
      return path;
  }
}

/** The first part of a pointer is the name of the schema. Names of known fields contain no character to unescape. */
function pathOf(pointer: string): readonly (string | number)[] {
  const [, , ...parts] = pointer.split('/');
  return parts.map((part) => (/^\d+$/.test(part) ? Number(part) : part));
}

function codeOf({ keyword }: Mismatch): ProblemCode {
  switch (keyword) {
    case 'required':
    case 'type':
      return 'invalid_type';
    case 'additionalProperties':
      return 'unrecognized_keys';
    case 'maxItems':
    case 'maxLength':
      return 'too_big';
    default:
      return 'invalid_value';
  }
}
