import type { ManualClock } from './manual-clock';

/** Resolves after `delayMs` of the manual clock. Rejects when the signal aborts, as `fetch` does. */
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

/** A body that arrives after `delayMs` of the manual clock. */
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

/** An endless stream with one event every `everyMs`. */
export function ticking(clock: ManualClock, everyMs: number): ReadableStream {
  return new ReadableStream({
    async pull(controller) {
      await delay(clock, everyMs, undefined);
      controller.enqueue(new TextEncoder().encode('data: {"choices":[{"index":0,"delta":{"content":"a"}}]}\n\n'));
    },
  });
}
