import { encodings } from './secret-encodings';
import { looksSecret, REDACTED, redactShapes } from './secret-shapes';

/**
 * Detects and redacts secrets: the active secrets by value, other secrets by pattern.
 *
 * See docs/decisions/0014-secret-guard.md.
 */
export interface Redactor {
  /** Number of active secrets. With 0, a scan that finds nothing proves nothing, so no record may claim a scan. */
  readonly secretCount: number;
  /** True if `text` contains an active secret, raw or encoded. Used on serialized text just before it is written. */
  containsSecret(text: string): boolean;
  /** True if `value` must not become a label: it has eight consecutive characters of a secret, or looks like one. */
  looksSensitive(value: string): boolean;
  /** Replaces secrets, e-mail addresses, card numbers and control characters, then cuts the text to `maxLength`. */
  redact(text: string, maxLength: number): string;
  /** Returns a guard that also detects `secrets`. */
  with(secrets: readonly string[]): Redactor;
}

/** Redacting a shorter secret by value would also remove ordinary text. */
export const MIN_SECRET_LENGTH = 8;
/** Longest text that patterns scan, so that hostile text cannot make them slow. */
const MAX_SCANNED = 65_536;

/** Size of the cache of values that are not secrets. */
const MAX_REMEMBERED = 128;
const MAX_REMEMBERED_LENGTH = 128;

/** Invisible characters. A secret that they split still reads as one, so they are removed before the search. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const CONTROLS =
  // C0, C1 and line separators: they can control a terminal or break a line.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern must match these characters
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Creates a guard for `secrets`. Ignores values under eight characters; the configuration refuses such keys. */
export function createRedactor(secrets: readonly string[] = []): Redactor {
  const known = [...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH))];
  const needles = [...new Set(known.flatMap(encodings))]
    .filter((needle) => needle.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  const windows = new Set(needles.flatMap(windowsOf));
  const containsSecret = (text: string): boolean => needles.some((needle) => text.includes(needle));

  // Models, routes and hosts repeat with every call.
  let accepted = new Set<string>();

  const redactor: Redactor = {
    secretCount: known.length,
    containsSecret,
    looksSensitive(value) {
      if (accepted.has(value)) {
        return false;
      }
      // A value that is too long to scan is also too long for a label.
      if (value.length > MAX_SCANNED || looksSecret(value) || containsSecret(value) || hasWindow(value, windows)) {
        return true;
      }
      if (value.length <= MAX_REMEMBERED_LENGTH) {
        if (accepted.size >= MAX_REMEMBERED) {
          // Not `clear()`: V8 keeps the old table of a cleared set alive until the next full garbage collection.
          accepted = new Set();
        }
        accepted.add(value);
      }
      return false;
    },
    redact(text, maxLength) {
      let clean = text.slice(0, MAX_SCANNED).replace(INVISIBLE, '');
      for (const needle of needles) {
        clean = clean.replaceAll(needle, REDACTED);
      }
      clean = redactShapes(redactWindows(clean, windows).replace(CONTROLS, ' '));
      // Redact before the cut: half of a key would not be detected. The cut may split a surrogate pair.
      return (clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean).toWellFormed();
    },
    with(more) {
      const added = more.filter((secret) => secret.length >= MIN_SECRET_LENGTH && !known.includes(secret));
      return added.length === 0 ? redactor : createRedactor([...known, ...added]);
    },
  };
  return redactor;
}

/** Returns each eight-character piece of a secret, except lowercase words: they would refuse ordinary names. */
function windowsOf(needle: string): string[] {
  const windows: string[] = [];
  for (let at = 0; at + MIN_SECRET_LENGTH <= needle.length; at++) {
    const window = needle.slice(at, at + MIN_SECRET_LENGTH);
    if (!/^[a-z_.-]+$/.test(window)) {
      windows.push(window);
    }
  }
  return windows;
}

function hasWindow(value: string, windows: ReadonlySet<string>): boolean {
  if (windows.size === 0) {
    return false;
  }
  for (let at = 0; at + MIN_SECRET_LENGTH <= value.length; at++) {
    if (windows.has(value.slice(at, at + MIN_SECRET_LENGTH))) {
      return true;
    }
  }
  return false;
}

/** Replaces each run of overlapping pieces of a secret by one `[redacted]`. */
function redactWindows(text: string, windows: ReadonlySet<string>): string {
  if (windows.size === 0) {
    return text;
  }
  let clean = '';
  let kept = 0;
  let at = 0;
  while (at + MIN_SECRET_LENGTH <= text.length) {
    if (!windows.has(text.slice(at, at + MIN_SECRET_LENGTH))) {
      at++;
      continue;
    }
    clean += text.slice(kept, at) + REDACTED;
    while (windows.has(text.slice(at + 1, at + 1 + MIN_SECRET_LENGTH))) {
      at++;
    }
    at += MIN_SECRET_LENGTH;
    kept = at;
  }
  return clean + text.slice(kept);
}
