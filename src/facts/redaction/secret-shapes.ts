/** Replaces a secret. */
export const REDACTED = '[redacted]';

/**
 * Patterns of common keys and tokens. Each starts with a fixed prefix and has no nested quantifier, so the search takes
 * linear time.
 */
const SECRET_SHAPES =
  /\b(?:sk|pk|rk)-[A-Za-z0-9_*.•…-]{3,512}|\beyJ[A-Za-z0-9_=-]{8,2048}(?:\.[A-Za-z0-9_=-]{1,2048}){0,2}|\b(?:gh[oprsu]|github_pat|glpat|hf|npm|gsk|shpat|dop_v1)_[A-Za-z0-9_]{10,255}|\bglpat-[A-Za-z0-9_-]{10,64}|\bxai-[A-Za-z0-9]{20,255}|\bxox[abeoprs]-[A-Za-z0-9-]{8,255}|\b(?:AKIA|ASIA)[A-Z0-9]{12,32}|\bAIza[A-Za-z0-9_-]{20,80}|\bya29\.[A-Za-z0-9._-]{8,512}|-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----[A-Za-z0-9+/= ]{0,8192}|\b[Bb]earer[ +:]{1,4}[A-Za-z0-9._~+/=-]{8,2048}|\bwhsec_[A-Za-z0-9+/=]{8,128}|\b[rs]k_(?:live|test)_[A-Za-z0-9]{8,128}|\b(?:pplx|nvapi|xapp|AGE-SECRET-KEY)-[A-Za-z0-9_-]{16,255}|\b(?:r8|fw|ntn|secret|lin_api|lin_oauth|rpa|tgp_v1|dckr_pat|shp(?:ca|pa|ss))_[A-Za-z0-9_-]{16,255}|\b(?:dapi|SK)[0-9a-f]{32}\b|\bkey-[0-9a-z]{32}\b|\bSG\.[A-Za-z0-9_-]{16,32}\.[A-Za-z0-9_-]{16,64}|\bhvs\.[A-Za-z0-9_-]{20,255}|\bpypi-[A-Za-z0-9_-]{32,512}|\b\d{8,10}:AA[A-Za-z0-9_-]{30,40}/;
/** A secret that a server shortened, such as `sk-ab...yz`. Names and ids never contain three dots. */
const SHORTENED = /\.{3}/;
const LOCAL_PART = /[A-Za-z0-9._%+-]/;
const MAX_LOCAL_PART = 64;
/** The part of an e-mail address from `@` on. Matching the local part too would take 64 times as long. */
const EMAIL_DOMAIN = /@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,4}/;
const EMAIL = new RegExp(`${LOCAL_PART.source}${EMAIL_DOMAIN.source}`);
const ALL_SHAPES = new RegExp(SECRET_SHAPES, 'g');
const ALL_EMAIL_DOMAINS = new RegExp(EMAIL_DOMAIN, 'g');
/** Digits, with single spaces or hyphens between groups. */
const DIGIT_RUNS = /\d+(?:[ -]\d+)*/g;
const MIN_CARD_DIGITS = 13;
const MAX_CARD_DIGITS = 19;
/** Spaces and hyphens have lower character codes. */
const ZERO = '0'.charCodeAt(0);

/** True if `value` looks like a secret, a shortened secret or an e-mail address. */
export function looksSecret(value: string): boolean {
  return SECRET_SHAPES.test(value) || SHORTENED.test(value) || EMAIL.test(value);
}

/** Replaces everything that looks like a secret, an e-mail address or a card number. Takes linear time. */
export function redactShapes(text: string): string {
  return redactEmails(text.replace(ALL_SHAPES, REDACTED)).replace(DIGIT_RUNS, redactCards);
}

function redactEmails(text: string): string {
  let clean = '';
  let kept = 0;
  for (const { 0: domain, index } of text.matchAll(ALL_EMAIL_DOMAINS)) {
    const start = localPartStart(text, index, kept);
    if (start < index) {
      clean += text.slice(kept, start) + REDACTED;
      kept = index + domain.length;
    }
  }
  return clean + text.slice(kept);
}

function localPartStart(text: string, end: number, from: number): number {
  let start = end;
  while (start > from && end - start < MAX_LOCAL_PART && LOCAL_PART.test(text.charAt(start - 1))) {
    start--;
  }
  return start;
}

/** Other numbers may surround a card number, so this checks every sequence of whole groups. */
function redactCards(run: string, at: number, text: string): string {
  let clean = '';
  let kept = 0;
  let start = isWordAt(text, at - 1) ? nextGroup(run, 0) : 0;
  while (run.length - start >= MIN_CARD_DIGITS) {
    const end = cardEnd(run, start, isWordAt(text, at + run.length));
    if (end === undefined) {
      start = nextGroup(run, start);
    } else {
      clean += run.slice(kept, start) + REDACTED;
      kept = end;
      start = end + 1;
    }
  }
  return clean + run.slice(kept);
}

/** Returns the end of the longest card number that begins at `start`. */
function cardEnd(run: string, start: number, isGlued: boolean): number | undefined {
  // Luhn doubles every second digit from the right. The parity is known only at the end, so keep both sums.
  let sum = 0;
  let otherSum = 0;
  let digitCount = 0;
  let found: number | undefined;
  for (let at = start; at <= run.length && digitCount <= MAX_CARD_DIGITS; at++) {
    const digit = at < run.length ? run.charCodeAt(at) - ZERO : -1;
    if (digit >= 0) {
      const doubled = sum + (digit > 4 ? digit * 2 - 9 : digit * 2);
      sum = otherSum + digit;
      otherSum = doubled;
      digitCount++;
    } else if (digitCount >= MIN_CARD_DIGITS && sum % 10 === 0 && !(isGlued && at === run.length)) {
      found = at;
    }
  }
  return found;
}

function nextGroup(run: string, start: number): number {
  let at = start;
  while (at < run.length && run.charCodeAt(at) >= ZERO) {
    at++;
  }
  return at + 1;
}

/** True if the character belongs to a word. Digits inside a word are part of an identifier. */
function isWordAt(text: string, at: number): boolean {
  return /\w/.test(text.charAt(at));
}
