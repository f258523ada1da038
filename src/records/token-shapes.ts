import { REDACTED } from '../facts/secret-shapes';

/**
 * What stands behind a word that announces a secret, in a URL, or in the header of a basic credential. One quantifier after
 * each literal, so linear.
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

/** Long enough to be a key of any provider. */
const MIN_TOKEN = 24;
const RUNS = new RegExp(`[A-Za-z0-9+/_=-]{${MIN_TOKEN},}`, 'g');
/** Ids that a note may name: of calls, and of requests as the gateway spells them. */
const KNOWN_IDS =
  /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{15,23}[A-Za-z0-9]{8}|[0-7][0-9A-HJKMNP-TV-Z]{25})$/;

/**
 * Free text without what an unknown provider's key would look like: letters and digits mixed over a length that no word
 * has. Hashes and trace ids look the same and go with them; records have fields of their own for those.
 */
export function redactTokens(text: string): string {
  const announced = ANNOUNCED.reduce((left, [shape, kept]) => left.replace(shape, kept), text);
  return announced.replace(RUNS, (run) => (looksToken(run) ? REDACTED : run));
}

/** Whether a name or an address has a part that looks like a key of an unknown provider. */
export function holdsToken(value: string): boolean {
  return (value.match(RUNS) ?? []).some(looksToken);
}

function looksToken(run: string): boolean {
  if (KNOWN_IDS.test(run)) {
    return false;
  }
  // A path is looked at part by part; base64 has bars too, and mixes much more.
  return run.split('/').some((part) => part.length >= MIN_TOKEN && isMixed(part, 2)) || isMixed(run, 4);
}

/** Words and versions have digits at their end; a key has them anywhere. */
function isMixed(text: string, least: number): boolean {
  const inside = text.match(/\d(?=[A-Za-z])/g)?.length ?? 0;
  const hasBothCases = /[a-z]/.test(text) && /[A-Z]/.test(text);
  return inside >= (hasBothCases ? least : least + 1);
}
