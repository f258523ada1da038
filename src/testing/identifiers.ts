import { randomInt } from 'node:crypto';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** Random letters and digits. */
export function randomCharacters(length: number): string {
  return Array.from({ length }, () => LETTERS_AND_DIGITS.charAt(randomInt(LETTERS_AND_DIGITS.length))).join('');
}

/** A key of the gateway's shape, made at run time so that no file holds one. */
export function createApiKey(): string {
  return `sk-${randomCharacters(48)}`;
}

/** A request id of the shape seen in error messages (the format is inferred): UTC second, fraction, eight characters. */
export function createRequestId(epochMs: number): string {
  const second = new Date(epochMs).toISOString().replace(/\D/g, '').slice(0, 14);
  return `${second}${randomInt(100_000_000, 1_000_000_000)}${randomCharacters(8)}`;
}
