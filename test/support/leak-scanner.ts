import type { Canary } from './leak-canaries';

/** A captured text and its sink. */
export interface SinkText {
  readonly sink: string;
  readonly text: string;
  /** True if the text is meant for the caller, and may contain anything except a key. */
  readonly keysOnly?: boolean;
}

/** A canary that was found in a sink. */
export interface Leak {
  readonly sink: string;
  readonly place: string;
}

/** The canary that eight consecutive characters belong to. Without a `needle`, the eight characters are a leak. */
interface Hint {
  readonly place: string;
  readonly needle?: string;
}

/** Text that the search skips. */
export interface KnownText {
  readonly clean?: Set<string>;
  readonly ownIds?: ReadonlySet<string>;
}

const WINDOW = 8;
const HEXADECIMAL_ID =
  /\b(?:[0-9a-f]{32}|[0-9a-f]{16}|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b/g;

/**
 * Searches captured texts for canaries, in every form that a common encoder produces. Does not use the client's own
 * secret guard, so a bug there cannot hide a leak. Returns each leak once.
 *
 * @param known.clean pieces of text that were searched before without a result; they are skipped
 * @param known.ownIds random ids of this test, which may look like a part of a hexadecimal key by chance
 * @throws TypeError for a canary of fewer than eight characters
 */
export function findLeaks(
  texts: Iterable<SinkText>,
  canaries: readonly Canary[],
  { clean = new Set<string>(), ownIds = new Set<string>() }: KnownText = {},
): readonly Leak[] {
  const { search, searchForKeys, decoders } = searchesFor(canaries);
  const bySink = new Map<string, Set<string>>();
  const forKeysOnly = new Set<string>();
  for (const { sink, text, keysOnly } of texts) {
    if (keysOnly === true) {
      forKeysOnly.add(sink);
    }
    const pieces = bySink.get(sink) ?? new Set<string>();
    bySink.set(sink, pieces);
    // Sinks repeat themselves, so each line and each JSON field is searched once. No canary contains these separators.
    for (const piece of text.split(/\n|,(?=")/)) {
      if (!clean.has(piece)) {
        pieces.add(piece);
      }
    }
  }
  return [...bySink].flatMap(([sink, pieces]) => {
    const places = new Set(
      decodings(without(ownIds, [...pieces].join('\n')), decoders).flatMap(
        forKeysOnly.has(sink) ? searchForKeys : search,
      ),
    );
    if (places.size === 0) {
      for (const piece of pieces) {
        clean.add(piece);
      }
    }
    return [...places].map((place) => ({ sink, place }));
  });
}

type Search = (text: string) => readonly string[];
type Decoder = 'latin1' | 'utf8';

interface Searches {
  readonly of: readonly string[];
  readonly search: Search;
  readonly searchForKeys: Search;
  readonly decoders: readonly Decoder[];
}

let latest: Searches | undefined;

/** Reuses the last search, because most texts are searched for the same canaries. */
function searchesFor(canaries: readonly Canary[]): Searches {
  const of = canaries.map(({ needle, place, byWindow }) => `${needle} ${place} ${byWindow}`);
  if (latest?.of.length !== of.length || !of.every((one, at) => one === latest?.of[at])) {
    const isAscii = canaries.every(({ needle }) => !/[^\0-\x7f]/.test(needle));
    latest = {
      of,
      search: createSearch(canaries),
      searchForKeys: createSearch(canaries.filter(({ byWindow }) => byWindow === true)),
      // For ASCII canaries, both decoders find the same.
      decoders: isAscii ? ['latin1'] : ['latin1', 'utf8'],
    };
  }
  return latest;
}

function without(ids: ReadonlySet<string>, text: string): string {
  return ids.size === 0 ? text : text.replace(HEXADECIMAL_ID, (id) => (ids.has(id) ? '' : id));
}

/** Searches a text for all canaries in one pass. A bitmap of hashed prefixes selects the positions to compare. */
function createSearch(canaries: readonly Canary[]): Search {
  const hints = hintsOf(canaries);
  const isBeginning = new Uint8Array(2 ** 16);
  for (const window of hints.keys()) {
    isBeginning[hash(window)] = 1;
  }
  return (text) => {
    const places = new Set<string>();
    let hashed = 0;
    for (let at = 1 - HASHED; at + WINDOW <= text.length; at++) {
      hashed = hashNext(hashed, text.charCodeAt(at + HASHED - 1));
      if (isBeginning[hashed] === 1 && at >= 0) {
        for (const { place, needle } of hints.get(text.slice(at, at + WINDOW)) ?? []) {
          if (needle === undefined || text.startsWith(needle, at)) {
            places.add(place);
          }
        }
      }
    }
    return [...places];
  };
}

function hintsOf(canaries: readonly Canary[]): ReadonlyMap<string, readonly Hint[]> {
  const hints = new Map<string, Hint[]>();
  const add = (window: string, hint: Hint): void => void hints.set(window, [...(hints.get(window) ?? []), hint]);
  for (const { place, needle, byWindow } of canaries) {
    if (needle.length < WINDOW) {
      throw new TypeError(`The canary ${place} is too short to distinguish it from ordinary text.`);
    }
    add(needle.slice(0, WINDOW), { place, needle });
    for (const window of byWindow === true ? windowsOf(needle) : []) {
      add(window, { place });
    }
  }
  return hints;
}

/** Excludes parts that consist of lowercase letters, because they occur in ordinary names. */
function windowsOf(key: string): readonly string[] {
  const windows = Array.from({ length: key.length - WINDOW + 1 }, (_, at) => key.slice(at, at + WINDOW));
  return windows.filter((window) => !/^[a-z_.-]+$/.test(window));
}

/** Number of characters that a hash covers. Each new character shifts out the oldest one. */
const HASHED = 4;

function hashNext(hashed: number, unit: number): number {
  return ((hashed << 4) ^ unit) & 0xffff;
}

function hash(text: string): number {
  let hashed = 0;
  for (let at = 0; at < HASHED; at++) {
    hashed = hashNext(hashed, text.charCodeAt(at));
  }
  return hashed;
}

/** The text itself, and its forms with JSON, URL, base64 and hexadecimal encodings decoded. */
function decodings(text: string, decoders: readonly Decoder[]): readonly string[] {
  const once = unescaped(text);
  return [...new Set([text, once, unescaped(once), ...unpercented(text, decoders), decodedRuns(text, decoders)])];
}

function unescaped(text: string): string {
  if (!text.includes('\\')) {
    return text;
  }
  return text
    .replace(/\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})/g, (_match, unit?: string, byte?: string) =>
      String.fromCharCode(Number.parseInt(unit ?? byte ?? '', 16)),
    )
    .replace(/\\([^ux])/g, '$1');
}

function unpercented(text: string, decoders: readonly Decoder[]): readonly string[] {
  if (!text.includes('%')) {
    return [];
  }
  return decoders.map((encoding) =>
    text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => Buffer.from(run.replaceAll('%', ''), 'hex').toString(encoding)),
  );
}

/** Every run of characters that may be base64 or hexadecimal, decoded at every alignment, one per line. */
function decodedRuns(text: string, decoders: readonly Decoder[]): string {
  const lines: string[] = [];
  const decode = (run: string, encoding: 'base64' | 'hex', alignments: number): void => {
    for (let skip = 0; skip < alignments; skip++) {
      const bytes = Buffer.from(run.slice(skip), encoding);
      lines.push(...decoders.map((decoder) => bytes.toString(decoder)));
    }
  };
  for (const run of new Set(text.match(/[A-Za-z0-9+/_-]{10,}/g))) {
    decode(run, 'base64', 4);
  }
  for (const run of new Set(text.match(/[0-9a-fA-F]{16,}/g))) {
    decode(run, 'hex', 2);
  }
  return lines.join('\n');
}
