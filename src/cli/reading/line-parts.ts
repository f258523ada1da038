/** A piece of a line: bytes that belong to its shape, then a value that does not, if any follows. */
export interface LinePart {
  readonly literal: string;
  readonly slot: LineSlot | undefined;
}

/** A number or an identifier of a record, and where it stands. */
export interface LineSlot {
  /** Names from the outside to the inside; the places of list entries are numbers. */
  readonly keys: readonly string[];
  readonly value: string | number;
}

/**
 * Texts that differ from call to call. All others are words of closed lists, or said once for many calls: they belong to
 * the shape, so that a line with another word has another shape.
 */
export const OPEN_TEXTS: readonly string[] = [
  'record_id',
  'ts',
  'run_id',
  'workflow',
  'callId',
  'startedAt',
  'endedAt',
  'traceId',
  'spanId',
  'conversationId',
  'requestId',
  'id',
  'model',
  'systemFingerprint',
  'value',
];
const OPEN: ReadonlySet<string> = new Set(OPEN_TEXTS);
/** Numbers that do not, or decide what the line is; nor do those below `settings`. */
const CLOSED_NUMBERS: ReadonlySet<string> = new Set([
  'schema_version',
  'serverPort',
  'otherFieldCount',
  'outerRetryCount',
  'droppedAttributes',
  'index',
  'status',
]);

/** How a program puts what belongs together apart. */
export interface Spelling {
  readonly comma: string;
  readonly colon: string;
}

/** Ours, and what other languages and tools make of a line that they have read. */
export const SPELLINGS: readonly Spelling[] = [
  { comma: ',', colon: ':' },
  { comma: ', ', colon: ': ' },
];

/** The line of `record` in pieces. */
export function partsOf(record: object, { comma, colon }: Spelling): readonly LinePart[] {
  const parts: LinePart[] = [];
  let literal = '';
  const slot = (keys: readonly string[], value: string | number): void => {
    parts.push({ literal, slot: { keys, value } });
    literal = '';
  };
  const spell = (value: unknown, keys: readonly string[]): void => {
    const name = keys.at(-1) ?? '';
    if (typeof value === 'object' && value !== null) {
      const isList = Array.isArray(value);
      literal += isList ? '[' : '{';
      for (const [at, [key, inner]] of Object.entries(value).entries()) {
        literal += `${at === 0 ? '' : comma}${isList ? '' : `${JSON.stringify(key)}${colon}`}`;
        spell(inner, [...keys, key]);
      }
      literal += isList ? ']' : '}';
    } else if (typeof value === 'number' && !CLOSED_NUMBERS.has(name) && !keys.includes('settings')) {
      slot(keys, value);
    } else if (typeof value === 'string' && OPEN.has(name)) {
      literal += '"';
      slot(keys, value);
      literal += '"';
    } else {
      literal += JSON.stringify(value);
    }
  };
  spell(record, []);
  return [...parts, { literal, slot: undefined }];
}

/** The line that `parts` make up. */
export function spelled(parts: readonly LinePart[]): string {
  return parts.map(({ literal, slot }) => `${literal}${slot === undefined ? '' : slot.value}`).join('');
}

/** `[]` for every place in a list. */
export function pathOf(keys: readonly string[]): string {
  return keys.map((key, at) => (/^\d+$/.test(key) ? '[]' : `${at === 0 ? '' : '.'}${key}`)).join('');
}
