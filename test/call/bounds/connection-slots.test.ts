import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createConnectionSlots, type ReleaseSlot, takeSlot } from '../../../src/call/bounds/connection-slots';
import type { Clock } from '../../../src/call/clock';
import { ManualClock, settled } from '../../support/manual-clock';

/** Like `takeSlot`, but always returns a promise. */
const take = async (...typedCall: Parameters<typeof takeSlot>): Promise<ReleaseSlot> => takeSlot(...typedCall);

const DEADLINE_MS = 10_000;

test('for any order of requests, aborts and releases, the limit is kept, no slot is lost, and the queue keeps its order', async () => {
  const step = fc.oneof(
    fc.record({ kind: fc.constant('request' as const) }),
    fc.record({ kind: fc.constant('abort' as const), at: fc.nat(20) }),
    fc.record({ kind: fc.constant('release' as const), at: fc.nat(20) }),
    fc.record({ kind: fc.constant('release twice' as const), at: fc.nat(20) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.array(step, { maxLength: 60 }), async (most, steps) => {
      const clock = new ManualClock();
      const slots = createConnectionSlots(most, clock);
      const held: ReleaseSlot[] = [];
      let waiting: { readonly id: number; readonly controller: AbortController }[] = [];
      let ids = 0;
      const ask = async (): Promise<void> => {
        const controller = new AbortController();
        const entry = { id: ids++, controller };
        waiting.push(entry);
        const release = await take(slots, clock, controller.signal, DEADLINE_MS).catch(() => undefined);
        if (release !== undefined) {
          // The oldest waiter receives the slot.
          expect(waiting[0]).toBe(entry);
          held.push(release);
        }
        waiting = waiting.filter((other) => other !== entry);
        expect(held.length).toBeLessThanOrEqual(most);
      };
      const pending: Promise<void>[] = [];
      for (const action of steps) {
        if (action.kind === 'request') {
          pending.push(ask());
        } else if (action.kind === 'abort') {
          waiting[action.at % Math.max(1, waiting.length)]?.controller.abort();
        } else {
          const [release] = held.splice(action.at % Math.max(1, held.length), 1);
          release?.();
          if (action.kind === 'release twice') {
            release?.();
          }
        }
        await clock.advance(2);
      }
      // In the end, every waiter receives a slot.
      while (waiting.length > 0) {
        held.shift()?.();
        await clock.advance(2);
      }
      await Promise.all(pending);
      for (const release of held.splice(0)) {
        release();
      }
      await clock.advance(2);
      expect(clock.pendingMs).toEqual([]);
      const again = Array.from({ length: most }, () => slots.acquire(new AbortController().signal));
      expect(again.every((slot) => !(slot instanceof Promise))).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('an already aborted signal is refused, even if the queue is full', async () => {
  const clock = new ManualClock();
  const slots = createConnectionSlots(1, clock);
  const signal = AbortSignal.abort('why');
  await expect(take(slots, clock, signal, DEADLINE_MS)).rejects.toBe('why');
  slots.acquire(new AbortController().signal);
  await expect(take(slots, clock, signal, DEADLINE_MS)).rejects.toBe('why');
});

test('a slot that is granted to an aborted waiter passes to the next one', async () => {
  const clock = new ManualClock();
  const quitter = new AbortController();
  // Aborts in the same turn as the grant, before the waiter can take the slot.
  const hasty: Clock = {
    nowMs: () => clock.nowMs(),
    wallMs: () => clock.wallMs(),
    setTimer: (delayMs, callback, options) =>
      clock.setTimer(
        delayMs,
        () => {
          callback();
          quitter.abort('late');
        },
        options,
      ),
  };
  const slots = createConnectionSlots(1, hasty);
  const first = await take(slots, clock, new AbortController().signal, DEADLINE_MS);
  const refused = take(slots, clock, quitter.signal, DEADLINE_MS).catch(String);
  const next = take(slots, clock, new AbortController().signal, DEADLINE_MS);
  first();
  await clock.advance(1);
  expect(await refused).toBe('late');
  await clock.advance(1);
  expect(typeof (await next)).toBe('function');
});

test('a queued call keeps the process alive, and a taken slot does not', async () => {
  const clock = new ManualClock();
  const slots = createConnectionSlots(1, clock);
  const release = await take(slots, clock, new AbortController().signal, DEADLINE_MS);
  expect(clock.keepsAlive).toBe(false);
  const waiting = take(slots, clock, new AbortController().signal, DEADLINE_MS);
  await settled();
  expect(clock.keepsAlive).toBe(true);
  release();
  await clock.advance(1);
  await waiting;
  expect(clock.pendingMs).toEqual([]);
});
