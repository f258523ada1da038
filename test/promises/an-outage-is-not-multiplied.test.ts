import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createRetryBudget } from '../../src/call/bounds/retry-budget';
import { CountingClock, probe, scriptedFetch } from '../support/call-probe';
import { FaultServer, type Step } from '../support/fault-server';
import { describe as shown } from '../support/fault-story';
import { ManualClock } from '../support/manual-clock';
import { errorBody, reset, whole } from '../support/wire-bytes';

const CHAT = { model: 'gpt-test', messages: [] };
const MINUTE = 60_000;

describe('retries do not multiply the load of an outage', () => {
  const outages: readonly (readonly [string, Step, number])[] = [
    ['always answers 500', whole(errorBody(), { status: 500 }), 1.2],
    ['always resets', reset, 1.2],
    // A retry after a 429 costs half a token, because the server did no work.
    ['always answers 429', whole(errorBody('rate_limit_exceeded'), { status: 429 }), 1.35],
  ];
  test.each(outages)('for 300 calls to a server that %s', async (_name, step, most) => {
    const server = await FaultServer.start({ steps: [step] });
    const { client, log } = probe(new CountingClock(), {
      origin: server.origin,
      retryBudget: undefined,
      backoffBaseMs: 0,
    });
    const outcomes = await Promise.all(
      Array.from({ length: 300 }, () => client.chat.completions.create(CHAT).catch(shown)),
    );
    expect(outcomes.filter((outcome) => typeof outcome === 'string').length).toBe(300);
    expect(server.requests.length / 300).toBeLessThanOrEqual(most);
    // Some calls must be retried. Otherwise a budget that allows no retry would also pass.
    expect(server.requests.length).toBeGreaterThan(300);
    const denied = log.attempts.filter(({ because }) => because === 'retry_budget_empty').length;
    expect([client.retryBudget?.snapshot().denied, denied > 0]).toEqual([denied, true]);
    await server.close();
  });

  test('withOptions() copies share the budget of their client', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(() => new Response('{}', { status: 500 }));
    const { client } = probe(clock, { fetch, retryBudget: { capacity: 2, depositPerCall: 0, refillPerSecond: 0 } });
    for (const one of [client, client.withOptions({ timeout: 5_000 }), client.withOptions({ logLevel: 'off' })]) {
      const call = one.chat.completions.create(CHAT).catch(shown);
      await clock.advance(MINUTE);
      expect(await call).toContain('InternalServerError');
    }
    // Three calls, and two retries from the shared budget.
    expect(fetch.sends()).toBe(5);
  });

  test('for any schedule, retries spend at most the capacity, the deposits and the refill', () => {
    const step = fc.oneof(
      fc.record({ kind: fc.constant('call' as const) }),
      fc.record({ kind: fc.constant('retry' as const), cost: fc.constantFrom(0.5, 1) }),
      fc.record({ kind: fc.constant('time' as const), ms: fc.integer({ min: -MINUTE, max: 10 * MINUTE }) }),
    );
    const options = fc.record({
      capacity: fc.double({ min: 0, max: 20, noNaN: true }),
      depositPerCall: fc.double({ min: 0, max: 1, noNaN: true }),
      refillPerSecond: fc.double({ min: 0, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(options, fc.array(step, { maxLength: 400 }), (budgetOptions, steps) => {
        let nowMs = 0;
        let farthestMs = 0;
        let spent = 0;
        let calls = 0;
        const budget = createRetryBudget(budgetOptions, {
          ...new CountingClock(),
          nowMs: () => nowMs,
          wallMs: () => 0,
          setTimer: () => ({ cancel: () => undefined, unref: () => undefined }),
        });
        for (const { kind, ...rest } of steps) {
          if (kind === 'time' && 'ms' in rest) {
            nowMs += rest.ms;
            farthestMs = Math.max(farthestMs, nowMs);
          } else if (kind === 'call') {
            calls++;
            budget.deposit();
          } else if ('cost' in rest && budget.available() >= rest.cost) {
            budget.withdraw(rest.cost);
            spent += rest.cost;
          }
        }
        const { capacity, depositPerCall, refillPerSecond } = budgetOptions;
        expect(spent).toBeLessThanOrEqual(
          capacity + depositPerCall * calls + (refillPerSecond * farthestMs) / 1_000 + 1e-6,
        );
        expect(budget.snapshot().tokens).toBeGreaterThanOrEqual(0);
        expect(budget.snapshot().tokens).toBeLessThanOrEqual(capacity);
      }),
    );
  });
});
