import { randomInt } from 'node:crypto';

/** Something private, put in one place. */
export interface Canary {
  /** Where it was put. */
  readonly place: string;
  /** What must be found nowhere else. */
  readonly needle: string;
  /** Keys: no eight characters in a row of it may be found either. */
  readonly byWindow?: boolean;
}

const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz';
const LETTERS_AND_DIGITS = `${LETTERS}23456789`;

/** Random characters out of `alphabet`. */
export function randomText(length: number, alphabet = LETTERS_AND_DIGITS): string {
  return Array.from({ length }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
}

/** A word that would fit the grammar of any label, and is found nowhere by chance. */
export function randomWord(): string {
  return randomText(1, LETTERS) + randomText(13);
}

/** How the words are dressed: as they are, so that they would fit a label, or in a sentence. */
export type Dress = 'word' | 'prose';

/** Everything private of one request, each with a word of its own. */
export class Canaries {
  readonly apiKey: string;
  readonly #dress: Dress;
  readonly #words = new Map<string, string>();

  constructor(dress: Dress, apiKey = `sk-${randomText(48)}`) {
    this.#dress = dress;
    this.apiKey = apiKey;
  }

  /** The private text for a place: the same word whenever it is asked for. */
  text(place: string): string {
    const word = this.word(place);
    return this.#dress === 'word' ? word : `Dear ${word}, “all” of this\nis \\ private!`;
  }

  /** The bare word of a place, for where only a word can stand. */
  word(place: string): string {
    const word = this.#words.get(place) ?? randomWord();
    this.#words.set(place, word);
    return word;
  }

  /** A word in lowercase, for header and query names. */
  lowercase(place: string): string {
    const word = this.#words.get(place) ?? randomText(14, 'abcdefghijklmnopqrstuvwxyz');
    this.#words.set(place, word);
    return word;
  }

  /** Everything that was put anywhere so far. */
  all(): readonly Canary[] {
    const words = [...this.#words].map(([place, needle]) => ({ place, needle }));
    return [{ place: 'apiKey', needle: this.apiKey, byWindow: true }, ...words];
  }
}
