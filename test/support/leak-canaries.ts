import { randomInt } from 'node:crypto';

/** A private text in one place of a request. It must not leave the process through telemetry, logs or records. */
export interface Canary {
  /** The place in the request. */
  readonly place: string;
  /** The text that must not be found elsewhere. */
  readonly needle: string;
  /** True for keys: no part of eight characters may be found either. */
  readonly byWindow?: boolean;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LETTERS_AND_DIGITS = `${LETTERS}23456789`;

/** Random characters from `alphabet`. */
export function randomText(length: number, alphabet = LETTERS_AND_DIGITS): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** A random word that matches the grammar of every label. */
export function randomWord(): string {
  return randomText(1, LETTERS) + randomText(13);
}

/** The form of the canaries: a bare word, which matches the grammar of a label, or a sentence. */
export type Dress = 'word' | 'prose';

/** The canaries of one request: a different random word for each place. */
export class Canaries {
  readonly apiKey: string;
  readonly #dress: Dress;
  readonly #words = new Map<string, string>();

  constructor(dress: Dress, apiKey = `sk-${randomText(48)}`) {
    this.#dress = dress;
    this.apiKey = apiKey;
  }

  /** The private text for a place. Repeated calls return the same text. */
  text(place: string): string {
    const word = this.word(place);
    return this.#dress === 'word' ? word : `Dear ${word}, “all” of this\nis \\ private!`;
  }

  /** The bare word of a place, for fields that accept only a word. */
  word(place: string): string {
    const word = this.#words.get(place) ?? randomWord();
    this.#words.set(place, word);
    return word;
  }

  /** The word of a place in lowercase, for names of headers and query parameters. */
  lowercase(place: string): string {
    const word = this.#words.get(place) ?? randomText(14, 'abcdefghijklmnopqrstuvwxyz');
    this.#words.set(place, word);
    return word;
  }

  /** All canaries that were requested so far. */
  all(): readonly Canary[] {
    const words = [...this.#words].map(([place, needle]) => ({ place, needle }));
    return [{ place: 'apiKey', needle: this.apiKey, byWindow: true }, ...words];
  }
}
