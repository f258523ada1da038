import { randomInt, randomUUID } from 'node:crypto';
import { randomText } from './leak-canaries';

const DIGITS = '0123456789';
const HEX = `${DIGITS}abcdef`;
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const BASE64 = `${LETTERS}${DIGITS}+/`;
const BASE64_URL = `${LETTERS}${DIGITS}-_`;

/** Formats of keys, including a few bad ones. Each call creates a new random key. */
export const KEY_SHAPES: Readonly<Record<string, () => string>> = {
  'sk- and 48': () => `sk-${randomText(48)}`,
  'sk-proj-': () => `sk-proj-${randomText(randomInt(100, 160), BASE64_URL)}`,
  UUID: () => randomUUID(),
  'UUID in capitals': () => randomUUID().toUpperCase(),
  'hexadecimal, 32': () => randomText(32, HEX),
  'hexadecimal, 64': () => randomText(64, HEX),
  JWT: () => ['eyJhbGciOiJIUzI1NiJ9', randomText(60, BASE64_URL), randomText(43, BASE64_URL)].join('.'),
  base64: () => `${randomText(42, BASE64)}+/==`,
  'base64 of eleven bytes': () => `${randomText(15, BASE64)}=`,
  'words with spaces': () => Array.from({ length: 5 }, () => randomText(randomInt(3, 7))).join(' '),
  'Latin-1 letters': () => randomText(24, `${LETTERS}äöüßéèñçÀÿ¡§`),
  'nothing but Latin-1': () => randomText(16, 'äöüßéèñçÀÿ¡§'),
  'exactly eight': () => randomText(8),
  'exactly eight, lowercase': () => randomText(8, 'bcdfghjklmnpqrstvwxz'),
  '500 characters': () => randomText(500, BASE64_URL),
  'regular expression': () => `a(${randomText(20, `${LETTERS}.*+?^$\{}()|[]\\`)}+)+$`,
  'quotes and backslashes': () => randomText(24, `${LETTERS}"'\\\`/`),
  'percent signs': () => `%41%${randomText(12)}%2f%${randomText(8)}`,
  dashes: () => Array.from({ length: 8 }, () => randomText(4)).join('-'),
  'dashes and dots': () => Array.from({ length: 6 }, () => randomText(5)).join('.-.'),
  'digits, 8': () => randomText(8, '123456789'),
  'digits, 16': () => randomText(16, '123456789'),
  'digits, 40': () => randomText(40, '123456789'),
  'HTML and shell': () => `<b>${randomText(10)}</b>$(${randomText(8)});&amp;`,
  'angle brackets and colons': () => `org:${randomText(12)}:team:${randomText(12)}`,
  'Bearer inside': () => `Bearer ${randomText(24)}`,
  'many underscores': () => `live_${randomText(8)}_${randomText(24)}`,
  'an e-mail address': () => `${randomText(8)}@${randomText(8)}.example`,
};
