import { encodings } from './secret-encodings';
import { looksSecret, REDACTED, redactShapes } from './secret-shapes';

/**
 * Knows the live secrets by value and the shapes of secrets by pattern.
 *
 * Sources of the shapes: reliability.md L-1 to L-30; S-9 (no public scanner knows a CometAPI-shaped key).
 */
export interface SecretGuard {
  /** How many live secrets it knows by value. A clean scan for none of them proves nothing, and no record may claim it. */
  readonly secretCount: number;
  /** Whether `text` holds a live secret, raw or encoded. Used on serialised bytes just before a write. */
  holds(text: string): boolean;
  /** Whether a short value may not become a label: holds eight characters in a row of a secret, or looks like one. */
  refuses(value: string): boolean;
  /** `text` with every secret, e-mail address and card number replaced, control characters removed, and cut to `maxLength`. */
  scrub(text: string, maxLength: number): string;
  /** A guard that knows `secrets` too. */
  with(secrets: readonly string[]): SecretGuard;
}

/** Shorter secrets could not be redacted by value without shredding ordinary text. */
export const MIN_SECRET_LENGTH = 8;
/** Patterns never see more than this, so that their cost is bounded (L-19). */
const MAX_SCANNED = 65_536;

/** What was found to be no secret is remembered, up to this many short values. */
const MAX_REMEMBERED = 128;
const MAX_REMEMBERED_LENGTH = 128;

/** They show nothing, and what they divide reads as one: taken out, so that no secret hides behind them. */
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const CONTROLS =
  // C0, C1 and line separators: they move a terminal or break a line (L-16, J-10).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be removed
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/g;

/** Makes a guard for `secrets`; values under eight characters are ignored (configuration refuses such keys). */
export function createSecretGuard(secrets: readonly string[] = []): SecretGuard {
  const known = [...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH))];
  const needles = [...new Set(known.flatMap(encodings))]
    .filter((needle) => needle.length >= MIN_SECRET_LENGTH)
    .sort((a, b) => b.length - a.length);
  const windows = new Set(needles.flatMap(windowsOf));
  const holds = (text: string): boolean => needles.some((needle) => text.includes(needle));

  // Models, routes and hosts come again with every call.
  let accepted = new Set<string>();

  const guard: SecretGuard = {
    secretCount: known.length,
    holds,
    refuses(value) {
      if (accepted.has(value)) {
        return false;
      }
      // What is too long to be looked at whole is no label either.
      if (value.length > MAX_SCANNED || looksSecret(value) || holds(value) || hasWindow(value, windows)) {
        return true;
      }
      if (value.length <= MAX_REMEMBERED_LENGTH) {
        if (accepted.size >= MAX_REMEMBERED) {
          // Not `clear()`: what a set held before is kept alive by the one after it until the next full collection.
          accepted = new Set();
        }
        accepted.add(value);
      }
      return false;
    },
    scrub(text, maxLength) {
      let clean = text.slice(0, MAX_SCANNED).replace(INVISIBLE, '');
      for (const needle of needles) {
        clean = clean.replaceAll(needle, REDACTED);
      }
      clean = redactShapes(redactWindows(clean, windows).replace(CONTROLS, ' '));
      // Redacted before the cut: half of a key would escape otherwise. The cut may halve a surrogate pair.
      return (clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean).toWellFormed();
    },
    with(more) {
      const added = more.filter((secret) => secret.length >= MIN_SECRET_LENGTH && !known.includes(secret));
      return added.length === 0 ? guard : createSecretGuard([...known, ...added]);
    },
  };
  return guard;
}

/** Pieces of a secret long enough to matter. Pieces that are plain lowercase words would refuse ordinary names. */
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

/** Replaces each run of overlapping pieces of a secret by one mark. */
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
