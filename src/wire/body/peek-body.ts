import type { AbortSignalLike } from '../abort-signal-like';
import type { BodyClock } from './body-timeouts';
import type { BodySource, ByteSource, TakenBytes } from './byte-reader';
import { decode } from './inspect-json';

/** The start of an error body, and a source that returns the whole body. */
export interface PeekedBody {
  readonly text: string;
  readonly source: BodySource;
  /** True if the whole body was read within the limits. */
  readonly isWhole: boolean;
}

/** Limits for reading an error body: a large or hanging body must not delay the retry. */
const MAX_PEEKED_BYTES = 65_536;
const MAX_PEEK_MS = 1_000;

/** Reads the start of an error body. The returned source repeats these bytes, and the failure if the body is broken. */
export async function peekBody(
  body: ByteSource | null,
  clock: BodyClock,
  signal: AbortSignalLike,
): Promise<PeekedBody> {
  if (body === null) {
    return { text: '', source: { prefix: [], reader: undefined }, isWhole: true };
  }
  const reader = body.getReader();
  const prefix: Uint8Array[] = [];
  let size = 0;
  let first: Promise<TakenBytes> | undefined;

  const limit = Promise.withResolvers<'limit'>();
  const timer = clock.setTimer(MAX_PEEK_MS, () => limit.resolve('limit'), { keepAlive: true });
  const stop = (): void => limit.resolve('limit');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) {
    stop();
  }
  try {
    while (size < MAX_PEEKED_BYTES) {
      first = reader.read();
      const taken = await Promise.race([first, limit.promise]);
      if (taken === 'limit') {
        break;
      }
      first = undefined;
      if (taken.done) {
        return peeked(prefix, size, { prefix, reader: undefined }, true);
      }
      prefix.push(taken.value);
      size += taken.value.byteLength;
    }
  } catch {
    return peeked(prefix, size, { prefix, reader }, false);
  } finally {
    timer.cancel();
    signal.removeEventListener('abort', stop);
  }
  // An abort can reject this read while no code awaits it.
  first?.catch(() => undefined);
  return peeked(prefix, size, { prefix, reader, first }, false);
}

function peeked(prefix: readonly Uint8Array[], size: number, source: BodySource, isWhole: boolean): PeekedBody {
  return { text: decode(prefix, size).slice(0, MAX_PEEKED_BYTES), source, isWhole };
}
