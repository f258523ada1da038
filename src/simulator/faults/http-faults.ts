import { constants, gzipSync } from 'node:zlib';
import { concat } from '../bodies/concat';
import { bytesOf, encodeText, type Head, isEventStream, type Step, type Steps } from '../step';

/** Changes the head of an answer. */
export function* reheaded(steps: Steps, change: (head: Head) => Head): Generator<Step> {
  for (const step of steps) {
    yield step.kind === 'head' ? { kind: 'head', head: change(step.head) } : step;
  }
}

/** Returns a head without one header. */
export function withoutHeader(head: Head, dropped: string): Head {
  return { ...head, headers: head.headers.filter(([name]) => name.toLowerCase() !== dropped) };
}

/** Options of `scenario.gzip()`. */
export interface GzipOptions {
  /** Damages the compressed bytes after the first half of the body. @default false */
  readonly corrupt?: boolean;
  /** Bytes of white space before the body. They are small when compressed and large when decompressed. @default 0 */
  readonly paddingBytes?: number;
}

/** Compresses the body. Damage keeps the first half valid, so decoding starts without an error. */
export function* gzipped(steps: Steps, options: GzipOptions): Generator<Step> {
  let head: Head | undefined;
  const parts: Uint8Array[] = [];
  for (const step of steps) {
    if (step.kind === 'head') {
      head = step.head;
    } else if (step.kind === 'event' || step.kind === 'bytes') {
      parts.push(bytesOf(step));
    } else if (step.kind === 'wait' || head === undefined) {
      yield step;
    } else {
      const plain = concat([padding(options.paddingBytes ?? 0, isEventStream(head)), ...parts]);
      const bytes = options.corrupt === true ? damaged(plain) : gzipSync(plain, { level: 1 });
      const { headers } = withoutHeader(head, 'content-length');
      const added = [
        ['content-encoding', 'gzip'],
        ['content-length', String(bytes.length)],
      ] as const;
      yield { kind: 'head', head: { ...head, headers: [...headers, ...added] } };
      yield { kind: 'bytes', bytes };
      yield step;
      return;
    }
  }
}

/** White space in JSON, a comment in a stream. The body stays valid and becomes large. */
function padding(length: number, isStream: boolean): Uint8Array {
  const spaces = new Uint8Array(length).fill(0x20);
  return isStream && length > 0 ? concat([encodeText(':'), spaces, encodeText('\n\n')]) : spaces;
}

/** Compresses the first half of `plain`, then adds a block of a reserved type, which every decoder rejects. */
function damaged(plain: Uint8Array): Uint8Array {
  const half = gzipSync(plain.subarray(0, plain.length >> 1), { finishFlush: constants.Z_SYNC_FLUSH });
  return concat([half, Uint8Array.of(0x07, 0xff, 0xff, 0xff)]);
}

/** Writes a chunk with an invalid length into a chunked body. */
export function* withChunkError(steps: Steps): Generator<Step> {
  yield* steps;
  yield { kind: 'raw', bytes: encodeText('simulated-no-chunk-length\r\n') };
  yield { kind: 'wait', waitMs: 20 };
  yield { kind: 'cut' };
}

/** Adds `__proto__`, `constructor` and arrays nested `depth` levels deep, which can break a careless parser. */
export function* withHostileJson(steps: Steps, depth: number): Generator<Step> {
  const members = `"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"deep":${'['.repeat(depth)}${']'.repeat(depth)},`;
  yield* withJson(steps, (json) => `{${members}${json.slice(1)}`);
}

/** Rewrites every JSON object of an answer, in the body or in events, and corrects the content length. */
export function* withJson(steps: Steps, rewrite: (json: string) => string): Generator<Step> {
  let head: Head | undefined;
  for (const step of steps) {
    if (step.kind === 'event') {
      yield step.data.startsWith('{') ? { ...step, data: rewrite(step.data) } : step;
    } else if (step.kind === 'head' && !isEventStream(step.head)) {
      head = step.head;
    } else if (step.kind === 'bytes' && head !== undefined) {
      const text = new TextDecoder().decode(step.bytes);
      const bytes = text.startsWith('{') ? encodeText(rewrite(text)) : step.bytes;
      const { headers } = withoutHeader(head, 'content-length');
      yield { kind: 'head', head: { ...head, headers: [...headers, ['content-length', String(bytes.length)]] } };
      yield { kind: 'bytes', bytes };
      head = undefined;
    } else {
      if (head !== undefined) {
        yield { kind: 'head', head };
        head = undefined;
      }
      yield step;
    }
  }
}
