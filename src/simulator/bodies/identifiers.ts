import { randomInt } from 'node:crypto';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Returns random letters and digits. */
export function randomCharacters(length: number): string {
  return Array.from({ length }, () => LETTERS_AND_DIGITS.charAt(randomInt(LETTERS_AND_DIGITS.length))).join('');
}

/** Returns a key in CometAPI's format. It is generated at run time, because no file may contain a key. */
export function createApiKey(): string {
  return `sk-${randomCharacters(48)}`;
}

/** Returns a request id in the format of observed error messages: UTC second, fraction, eight characters. */
export function createRequestId(epochMs: number): string {
  const second = new Date(epochMs).toISOString().replace(/\D/g, '').slice(0, 14);
  return `${second}${randomInt(100_000_000, 1_000_000_000)}${randomCharacters(8)}`;
}
