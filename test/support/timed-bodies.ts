import type { ManualClock } from './manual-clock';

/** Resolves after so much of the manual clock's time; rejects as fetch does when it is aborted. */
export async function delay(
  clock: ManualClock,
  delayMs: number,
  signal: AbortSignal | null | undefined,
): Promise<void> {
  if (delayMs === 0) {
    return;
  }
  await new Promise<void>((resolve, reject) => {
    if (Number.isFinite(delayMs)) {
      clock.setTimer(delayMs, resolve, { keepAlive: false });
    }
    signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/** A body that is there after so much of the manual clock's time. */
export function bodyAfter(clock: ManualClock, delayMs: number, text: string): BodyInit {
  if (delayMs === 0) {
    return text;
  }
  return new ReadableStream({
    async pull(controller) {
      await delay(clock, delayMs, undefined);
      controller.enqueue(new TextEncoder().encode(text));
      controller.close();
    },
  });
}

/** One event every so often, for ever. */
export function ticking(clock: ManualClock, everyMs: number): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      await delay(clock, everyMs, undefined);
      controller.enqueue(new TextEncoder().encode('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'));
    },
  });
}
