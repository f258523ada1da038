import { constants, gzipSync } from 'node:zlib';
import { concat } from './concat';
import { bytesOf, encodeText, type Head, isEventStream, type Step, type Steps } from './step';

/** The same answer with another head. */
export function* reheaded(steps: Steps, change: (head: Head) => Head): Generator<Step> {
  for (const step of steps) {
    yield step.kind === 'head' ? { kind: 'head', head: change(step.head) } : step;
  }
}

/** A head without some of its headers. */
export function withoutHeader(head: Head, dropped: string): Head {
  return { ...head, headers: head.headers.filter(([name]) => name.toLowerCase() !== dropped) };
}

/** Choices of `scenario.gzip()`. */
export interface GzipOptions {
  /** Whether the compressed bytes are damaged after their first half. @default false */
  readonly corrupt?: boolean;
  /** White space put before the body, in bytes: small on the wire, large once decoded. @default 0 */
  readonly paddingBytes?: number;
}

/** The body compressed. Damage leaves the first half whole, so that decoding begins well. */
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

/** White space in JSON, a comment in a stream: an honest body either way, only too large. */
function padding(length: number, isStream: boolean): Uint8Array {
  const spaces = new Uint8Array(length).fill(0x20);
  return isStream && length > 0 ? concat([encodeText(':'), spaces, encodeText('\n\n')]) : spaces;
}

/** Half of `plain` compressed up to a byte's end, then a block of the type that is reserved: no decoder can go on. */
function damaged(plain: Uint8Array): Uint8Array {
  const half = gzipSync(plain.subarray(0, plain.length >> 1), { finishFlush: constants.Z_SYNC_FLUSH });
  return concat([half, Uint8Array.of(0x07, 0xff, 0xff, 0xff)]);
}

/** A chunk whose length is no number, in the middle of a body sent in chunks. */
export function* withChunkError(steps: Steps): Generator<Step> {
  yield* steps;
  yield { kind: 'raw', bytes: encodeText('simulated-no-chunk-length\r\n') };
  yield { kind: 'wait', waitMs: 20 };
  yield { kind: 'cut' };
}

/** Keys and shapes that harm a careless reader: `__proto__`, `constructor`, and nesting `depth` levels deep. */
export function* withHostileJson(steps: Steps, depth: number): Generator<Step> {
  const members = `"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"deep":${'['.repeat(depth)}${']'.repeat(depth)},`;
  yield* withJson(steps, (json) => `{${members}${json.slice(1)}`);
}

/** Every JSON object of the answer, body or events, rewritten by `rewrite`; the length is corrected. */
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
