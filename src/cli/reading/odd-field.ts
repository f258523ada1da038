import { GRAMMAR } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import { holdsToken } from '../../records/shared/token-shapes';
import { OPEN_TEXTS } from './line-parts';

/** The shapes of secrets. */
const SHAPES = createRedactor();
/** Identifiers, names and models; lines that are compared instead of parsed are held to the same bytes. */
const IDENTIFIER = /^[A-Za-z0-9_][A-Za-z0-9._:/@+-]{0,127}$/;
/** Texts that are no words of a list. */
const GRAMMAR_OF: ReadonlyMap<string, RegExp> = new Map([
  ...OPEN_TEXTS.map((name) => [name, IDENTIFIER] as const),
  ...['ts', 'startedAt', 'endedAt'].map((name) => [name, GRAMMAR.timestamp] as const),
  ['serverAddress', GRAMMAR.host],
  ['urlFull', GRAMMAR.url],
]);
/** Words, routes, statuses and versions. */
const WORD = /^[A-Za-z0-9_/@][A-Za-z0-9_./:@+-]{0,127}$/;
/** There are some hundreds, and a file has them on every line. */
const MAX_KNOWN = 1_000;
const known = new Set<string>();

/**
 * Name of the first field of a call record whose text is neither an identifier nor could be a word of a list. A later
 * version of the library may know words that this one does not; but anybody may have written to the file, and words are
 * shown as they stand.
 */
export function oddField(value: unknown, path = '', name = ''): string | undefined {
  if (typeof value === 'string') {
    return (GRAMMAR_OF.get(name)?.test(value) ?? isWord(value)) ? undefined : path;
  }
  if (typeof value !== 'object' || value === null) {
    return undefined;
  }
  for (const [key, inner] of Object.entries(value)) {
    const within = Array.isArray(value) ? `${path}[${key}]` : `${path}${path === '' ? '' : '.'}${key}`;
    const odd = oddField(inner, within, key);
    if (odd !== undefined) {
      return odd;
    }
  }
  return undefined;
}

function isWord(text: string): boolean {
  if (known.has(text)) {
    return true;
  }
  const isNew = WORD.test(text) && !SHAPES.looksSensitive(text) && !holdsToken(text);
  if (isNew && known.size < MAX_KNOWN) {
    known.add(text);
  }
  return isNew;
}
