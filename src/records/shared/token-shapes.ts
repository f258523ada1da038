import { REDACTED } from '../../facts/redaction/secret-shapes';

/**
 * Secrets after a name such as `password:`, in a URL, or in a Basic credential. Each pattern has one bounded quantifier
 * after each literal, so the time is linear in the length of the text.
 */
const ANNOUNCED: readonly (readonly [shape: RegExp, kept: string])[] = [
  [/(:\/\/)[^\s/@]{1,512}@/g, `$1${REDACTED}@`],
  [/([?&][A-Za-z0-9_.-]{1,64}=)[^\s&#"'<>]{1,2048}/g, `$1${REDACTED}`],
  [/\b(Basic )(?=[a-z]{0,64}[A-Z0-9+/=])[A-Za-z0-9+/=]{8,2048}/g, `$1${REDACTED}`],
  [/((?:passw(?:or)?d|passphrase|pwd)["']?\s{0,2}[:=]\s{0,2}["']?)[^\s"',;]{4,512}/gi, `$1${REDACTED}`],
  [
    /((?:api|access|secret|private|auth)[ _-]?(?:key|token)["']?\s{0,2}[:=]\s{0,2}["']?)[^\s"',;]{8,2048}/gi,
    `$1${REDACTED}`,
  ],
  [/(\b(?:secret|token)["']?\s{0,2}[:=]\s{0,2}["']?)[^\s"',;]{12,2048}/gi, `$1${REDACTED}`],
];

/** The minimum length of text that may be a provider's key. */
const MIN_TOKEN = 24;
const RUNS = new RegExp(`[A-Za-z0-9+/_=-]{${MIN_TOKEN},}`, 'g');
/** Ids that a note may contain: call ids, and request ids in CometAPI's formats. */
const KNOWN_IDS =
  /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{15,23}[A-Za-z0-9]{8}|[0-7][0-9A-HJKMNP-TV-Z]{25})$/;

/**
 * Removes everything that looks like a key of an unknown provider: long runs of mixed letters and digits. Also removes
 * hashes and trace ids, which look the same. Records have separate fields for those.
 */
export function redactTokens(text: string): string {
  const announced = ANNOUNCED.reduce((left, [shape, kept]) => left.replace(shape, kept), text);
  return announced.replace(RUNS, (run) => (looksToken(run) ? REDACTED : run));
}

/** Returns true if a part of a name or URL looks like a key of an unknown provider. */
export function holdsToken(value: string): boolean {
  return (value.match(RUNS) ?? []).some(looksToken);
}

function looksToken(run: string): boolean {
  if (KNOWN_IDS.test(run)) {
    return false;
  }
  // Checks a path part by part. Base64 contains slashes too, but mixes letters and digits more.
  return run.split('/').some((part) => part.length >= MIN_TOKEN && isMixed(part, 2)) || isMixed(run, 4);
}

/** True if several digits precede letters. Words and versions end in digits; keys have digits anywhere. */
function isMixed(text: string, least: number): boolean {
  const inside = text.match(/\d(?=[A-Za-z])/g)?.length ?? 0;
  const hasBothCases = /[a-z]/.test(text) && /[A-Z]/.test(text);
  return inside >= (hasBothCases ? least : least + 1);
}
