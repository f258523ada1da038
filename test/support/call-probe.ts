import { randomBytes } from 'node:crypto';
import { type Clock, type RandomSource, systemClock, systemRandom, type Timer } from '../../src/call/clock';
import type { AttemptFacts, CallFacts } from '../../src/facts/call-facts';
import type { CallObserver } from '../../src/facts/observer';
import { type ClientOptions, CometAPI, type Fetch } from '../../src/index';

/** A random key in the format of CometAPI's keys. */
export function someKey(): string {
  return `sk-${randomBytes(24).toString('hex')}`;
}

/** An observer that records every event of every call, in order. */
export class EventLog implements CallObserver {
  readonly lines: string[] = [];
  readonly attempts: AttemptFacts[] = [];
  readonly calls: CallFacts[] = [];
  onCallClosed: (facts: CallFacts) => void = () => undefined;

  callOpened(): void {
    this.lines.push('call opened');
  }

  attemptOpened(_call: unknown, { index }: { readonly index: number }): void {
    this.lines.push(`attempt ${index} opened`);
  }

  attemptClosed(_call: unknown, attempt: AttemptFacts): void {
    this.attempts.push(attempt);
    this.lines.push(`attempt ${attempt.index} closed`);
  }

  callClosed(facts: CallFacts): void {
    this.calls.push(facts);
    this.lines.push('call closed');
    this.onCallClosed(facts);
  }
}

/** The real clock. Counts the timers that have not fired yet. */
export class CountingClock implements Clock {
  readonly #open = new Set<object>();
  #onNone: (() => void) | undefined;

  get openTimers(): number {
    return this.#open.size;
  }

  /** Resolves when no timer is left. After a call, a timer may run for one second while the server closes the body. */
  async whenNone(): Promise<void> {
    // A timer callback may start another timer.
    while (this.#open.size > 0) {
      await new Promise<void>((resolve) => {
        this.#onNone = resolve;
      });
    }
  }

  #forget(mark: object): void {
    this.#open.delete(mark);
    if (this.#open.size === 0) {
      this.#onNone?.();
    }
  }

  nowMs(): number {
    return systemClock.nowMs();
  }

  wallMs(): number {
    return systemClock.wallMs();
  }

  setTimer(delayMs: number, callback: () => void, options: { readonly keepAlive: boolean }): Timer {
    const mark = {};
    this.#open.add(mark);
    const timer = systemClock.setTimer(
      delayMs,
      () => {
        this.#forget(mark);
        callback();
      },
      options,
    );
    return {
      unref: () => timer.unref(),
      cancel: () => {
        this.#forget(mark);
        timer.cancel();
      },
    };
  }
}

/** A controller, and the number of listeners on its signal. */
export function countedSignal(): { readonly controller: AbortController; readonly listeners: () => number } {
  const controller = new AbortController();
  const { signal } = controller;
  const listeners = new Set<unknown>();
  const { addEventListener, removeEventListener } = signal;
  signal.addEventListener = (type: string, listener: EventListener, options?: AddEventListenerOptions) => {
    listeners.add(listener);
    addEventListener.call(signal, type, listener, options);
  };
  signal.removeEventListener = (type: string, listener: EventListener) => {
    listeners.delete(listener);
    removeEventListener.call(signal, type, listener);
  };
  return { controller, listeners: () => listeners.size };
}

/** No jitter: every backoff takes the minimum. Ids stay random. */
export const NO_JITTER: RandomSource = { ...systemRandom, random: () => 0 };

export interface Probe<TheClock extends Clock = Clock> {
  readonly client: CometAPI;
  readonly log: EventLog;
  readonly clock: TheClock;
}

/** A client for a fault server or a custom fetch, with a log of its observer events. */
export function probe<TheClock extends Clock>(
  clock: TheClock,
  options: ClientOptions & { readonly origin?: string },
  randomSource: RandomSource = NO_JITTER,
): Probe<TheClock> {
  const log = new EventLog();
  const { origin = 'http://127.0.0.1:9', ...rest } = options;
  const client = new CometAPI(
    {
      apiKey: someKey(),
      baseURL: `${origin}/v1`,
      retryBudget: false,
      logLevel: 'off',
      telemetry: { enabled: false },
      observers: [log],
      ...rest,
    },
    { clock, randomSource },
  );
  return { client, log, clock };
}

/** The scripted response to one request. */
export type Answer = (send: {
  readonly index: number;
  readonly init: RequestInit;
  readonly url: string;
}) => Promise<Response> | Response;

/** A custom fetch that returns scripted responses and counts the requests. */
export function scriptedFetch(answer: Answer): Fetch & { readonly sends: () => number } {
  let sends = 0;
  const fetch: Fetch = async (input, init = {}) => {
    sends++;
    return answer({ index: sends, init, url: String(input) });
  };
  return Object.assign(fetch, { sends: () => sends });
}

/** Never responds. Rejects when its signal aborts, as `fetch` does. */
export function hanging(init: RequestInit): Promise<Response> {
  return new Promise((_resolve, reject) => {
    init.signal?.addEventListener('abort', () => reject(init.signal?.reason), { once: true });
  });
}
