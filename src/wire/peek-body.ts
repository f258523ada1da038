import type { WatchClock } from './body-watchdog';
import type { BodySource, ByteSource, TakenBytes } from './byte-reader';
import { decode } from './inspect-json';
import type { StopSignal } from './stop-signal';

/** What was looked at of an error body, and the body itself, whole again. */
export interface PeekedBody {
  readonly text: string;
  readonly source: BodySource;
  /** The whole body was read within the limits. */
  readonly isWhole: boolean;
}

/** An error body is looked at this far; the rest is passed on or cancelled. */
const MAX_PEEKED_BYTES = 65_536;
const MAX_PEEK_MS = 1_000;

/** Looks at the beginning of an error body without losing a byte of it; one that breaks will break again for its reader. */
export async function peekBody(body: ByteSource | null, clock: WatchClock, signal: StopSignal): Promise<PeekedBody> {
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
  // Nobody may be listening when an abort breaks this read.
  first?.catch(() => undefined);
  return peeked(prefix, size, { prefix, reader, first }, false);
}

function peeked(prefix: readonly Uint8Array[], size: number, source: BodySource, isWhole: boolean): PeekedBody {
  return { text: decode(prefix, size).slice(0, MAX_PEEKED_BYTES), source, isWhole };
}
