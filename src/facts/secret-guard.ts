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
const REDACTED = '[redacted]';
/** Patterns never see more than this, so that their cost is bounded (L-19). */
const MAX_SCANNED = 65_536;

/**
 * Linear-time shapes: one quantifier each, no nesting. A prefix decides, so a mismatch costs one step.
 */
const SECRET_SHAPES =
  /\b(?:sk|pk|rk)-[A-Za-z0-9_*.•…-]{3,512}|\beyJ[A-Za-z0-9_=-]{8,2048}(?:\.[A-Za-z0-9_=-]{1,2048}){0,2}|\b(?:gh[oprsu]|github_pat|glpat|hf|npm|xai|gsk|shpat|dop_v1)_[A-Za-z0-9_]{10,255}|\bglpat-[A-Za-z0-9_-]{10,64}|\bxox[abeoprs]-[A-Za-z0-9-]{8,255}|\b(?:AKIA|ASIA)[A-Z0-9]{12,32}|\bAIza[A-Za-z0-9_-]{20,80}|\bya29\.[A-Za-z0-9._-]{8,512}|-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----|\b[Bb]earer[ +:]{1,4}[A-Za-z0-9._~+/=-]{8,2048}|\bwhsec_[A-Za-z0-9+/=]{8,128}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{8,128}/;
/** What is left of a secret that a server has shortened: no name and no id has three dots in it. */
const SHORTENED = /\.{3}/;
const EMAIL = /[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/;
const CARD_CANDIDATES = /\b\d(?:[ -]?\d){12,18}\b/g;
const ALL_SECRET_SHAPES = new RegExp(SECRET_SHAPES, 'g');
const ALL_EMAILS = new RegExp(EMAIL, 'g');
const UNSAFE_CHARACTERS =
  // C0, C1, zero-width, bidi controls, line separators, byte-order mark: they move a terminal or break a line (L-16, J-10).
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be removed
  /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g;

/** Makes a guard for `secrets`; values under eight characters are ignored (configuration refuses such keys). */
export function createSecretGuard(secrets: readonly string[] = []): SecretGuard {
  const known = [...new Set(secrets.filter((secret) => secret.length >= MIN_SECRET_LENGTH))];
  const needles = [...new Set(known.flatMap(encodings))].sort((a, b) => b.length - a.length);
  const windows = new Set(needles.flatMap(windowsOf));
  const holds = (text: string): boolean => needles.some((needle) => text.includes(needle));

  const guard: SecretGuard = {
    secretCount: known.length,
    holds,
    refuses: (value) =>
      SECRET_SHAPES.test(value) ||
      SHORTENED.test(value) ||
      EMAIL.test(value) ||
      holds(value) ||
      hasWindow(value, windows),
    scrub(text, maxLength) {
      let clean = text.slice(0, MAX_SCANNED);
      // Redacted before the cut: half of a key would escape otherwise.
      for (const needle of needles) {
        clean = clean.replaceAll(needle, REDACTED);
      }
      clean = redactWindows(clean.slice(0, maxLength * 8), windows)
        .replace(ALL_SECRET_SHAPES, REDACTED)
        .replace(ALL_EMAILS, REDACTED)
        .replace(CARD_CANDIDATES, (digits) => (passesLuhn(digits) ? REDACTED : digits))
        .replace(UNSAFE_CHARACTERS, ' ');
      return clean.length > maxLength ? `${clean.slice(0, maxLength - 1)}…` : clean;
    },
    with(more) {
      const added = more.filter((secret) => secret.length >= MIN_SECRET_LENGTH && !known.includes(secret));
      return added.length === 0 ? guard : createSecretGuard([...known, ...added]);
    },
  };
  return guard;
}

/** Every spelling of a secret that ordinary encoders produce. */
function encodings(secret: string): string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  const url = encodeURIComponent(secret.toWellFormed());
  return [
    secret,
    json,
    JSON.stringify(json).slice(1, -1),
    url,
    url.replace(/%../g, (escape) => escape.toLowerCase()),
    ...byteEncodings(utf8(secret)),
    // Headers carry Latin-1, so that is what a server may have encoded.
    ...(/[\u0080-\u00ff]/.test(secret)
      ? byteEncodings([...secret].map((character) => character.charCodeAt(0) & 0xff))
      : []),
  ].filter((needle) => needle.length >= MIN_SECRET_LENGTH);
}

function byteEncodings(bytes: readonly number[]): string[] {
  const hex = bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const inBase64 = [0, 1, 2].flatMap((offset) => {
    const text = base64(bytes, offset);
    return [text, text.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [hex, hex.toUpperCase(), ...inBase64];
}

/** UTF-8 bytes without an encoder: this room knows no platform. */
function utf8(text: string): number[] {
  const bytes: number[] = [];
  for (const character of text.toWellFormed()) {
    const escaped = encodeURIComponent(character);
    if (escaped.startsWith('%')) {
      for (const pair of escaped.slice(1).split('%')) {
        bytes.push(Number.parseInt(pair, 16));
      }
    } else {
      bytes.push(character.charCodeAt(0));
    }
  }
  return bytes;
}

const BASE64 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';

/** The characters of base64 that depend on `bytes` alone when `offset` unknown bytes stand before them. */
function base64(bytes: readonly number[], offset: number): string {
  const bits = bytes.map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const skip = (6 - ((offset * 8) % 6)) % 6;
  let text = '';
  for (let at = skip; at + 6 <= bits.length; at += 6) {
    text += BASE64.charAt(Number.parseInt(bits.slice(at, at + 6), 2));
  }
  return text;
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

function passesLuhn(text: string): boolean {
  let sum = 0;
  const digits = text.replace(/[ -]/g, '');
  for (let at = 0; at < digits.length; at++) {
    let digit = Number(digits.charAt(digits.length - 1 - at));
    if (at % 2 === 1) {
      digit = digit > 4 ? digit * 2 - 9 : digit * 2;
    }
    sum += digit;
  }
  return sum % 10 === 0;
}
