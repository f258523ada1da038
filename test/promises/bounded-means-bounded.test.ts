import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { CallFacts } from '../../src/index';
import { hanging, NO_JITTER, probe, scriptedFetch } from '../support/call-probe';
import { attempts, ending, only, describe as shown } from '../support/fault-story';
import { ManualClock } from '../support/manual-clock';
import { bodyAfter, delay, ticking } from '../support/timed-bodies';
import { CHAT_ANSWER, errorBody } from '../support/wire-bytes';

const CHAT = { model: 'gpt-test', messages: [] };
const JSON_TYPE = { 'content-type': 'application/json' };
const MINUTE = 60_000;

describe('a call ends by its deadline', () => {
  /** The reaction of a server to one request: its delay and its response. */
  const behaviour = fc.record({
    afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2_000 }), fc.constant(Number.POSITIVE_INFINITY)),
    status: fc.constantFrom(200, 200, 408, 429, 500, 503, 529, 400, 0),
    retryAfter: fc.option(fc.oneof(fc.integer({ min: 0, max: 3 }).map(String), fc.constantFrom('90', 'soon', '-1')), {
      nil: undefined,
    }),
    bodyMs: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 2_000 }), fc.constant(Number.POSITIVE_INFINITY)),
  });
  const limits = fc.record({
    deadlineMs: fc.integer({ min: 1, max: 6_000 }),
    timeout: fc.integer({ min: 1, max: 3_000 }),
    maxRetries: fc.integer({ min: 0, max: 6 }),
    backoffBaseMs: fc.integer({ min: 0, max: 1_000 }),
  });

  test('for any server, with at most maxRetries + 1 attempts', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(behaviour, { minLength: 1, maxLength: 8 }),
        limits,
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        async (script, given, random) => {
          const clock = new ManualClock();
          const fetch = scriptedFetch(async ({ index, init }) => {
            const { afterMs, status, retryAfter, bodyMs } = script[(index - 1) % script.length] ?? only([]);
            await delay(clock, afterMs, init.signal);
            if (status === 0) {
              throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } });
            }
            return new Response(bodyAfter(clock, bodyMs, status === 200 ? CHAT_ANSWER : errorBody()), {
              status,
              headers: { ...JSON_TYPE, ...(retryAfter !== undefined && { 'retry-after': retryAfter }) },
            });
          });
          const { client, log } = probe(clock, { fetch, ...given }, { ...NO_JITTER, random: () => random });
          const call = client.chat.completions.create(CHAT).then(
            () => 'value',
            () => 'error',
          );
          await clock.advance(given.deadlineMs);
          const facts = only(log.calls);
          await call;
          expect(facts.durationMs).toBeLessThanOrEqual(given.deadlineMs);
          expect(fetch.sends()).toBeLessThanOrEqual(Math.min(given.maxRetries, 4) + 1);
          expect(fetch.sends()).toBe(facts.attempts.length);
          checkWaits(facts);
          // Timers of the simulated server may be left, but none of the call.
          expect(clock.keepsAlive).toBe(false);
        },
      ),
      { numRuns: 150 },
    );
  }, 60_000);

  /** Checks that each attempt started after the full wait, and not before the time that the server asked for. */
  function checkWaits({ attempts: made }: CallFacts): void {
    made.forEach((attempt, at) => {
      const before = made[at - 1];
      if (before !== undefined) {
        const waited = attempt.startOffsetMs - before.startOffsetMs - before.durationMs;
        expect(waited).toBeGreaterThanOrEqual(Math.max(50, before.retryAfterMs ?? 0) - 1);
        expect(Math.abs(waited - (before.delayMs ?? 0))).toBeLessThan(1.001);
      }
      expect(attempt.decision === 'retried').toBe(at < made.length - 1 || attempt.delayMs !== undefined);
    });
  }
});

describe('a call fails at once if a wait would exceed a limit', () => {
  test('with the last error, if the backoff does not fit before the deadline', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(() => new Response('{}', { status: 503 }));
    const { client, log } = probe(
      clock,
      { fetch, deadlineMs: 400, backoffBaseMs: 1_000 },
      { ...NO_JITTER, random: () => 0.9 },
    );
    expect(await client.chat.completions.create(CHAT).catch(shown)).toBe(
      'InternalServerError 503 server_error retryable in headers',
    );
    expect([attempts(log), only(log.calls).durationMs, clock.pendingMs]).toEqual(['503 deadline_would_pass', 0, []]);
  });

  test('with retryAfterMs, if Retry-After exceeds maxRetryAfterMs', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(() => new Response('{}', { status: 429, headers: { 'retry-after': '61' } }));
    const { client, log } = probe(clock, { fetch });
    expect(await client.chat.completions.create(CHAT).catch(shown)).toBe(
      'RateLimitError 429 rate_limited retryable in headers retry after 61000',
    );
    expect([attempts(log), only(log.calls).durationMs, clock.pendingMs]).toEqual([
      '429 retry_after_exceeds_budget',
      0,
      [],
    ]);
  });
});

describe('the wait for a connection slot', () => {
  test('counts towards the deadline', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(({ init }) => hanging(init));
    const { client, log } = probe(clock, { fetch, maxConnections: 1, deadlineMs: 2_000, timeout: 10_000 });
    const calls = [client.chat.completions.create(CHAT), client.chat.completions.create(CHAT)].map((call) =>
      call.catch(shown),
    );
    await clock.advance(2_001);
    expect(await Promise.all(calls)).toEqual([
      'APIConnectionTimeoutError timeout retryable in headers',
      'APIConnectionTimeoutError timeout retryable in queue',
    ]);
    expect([fetch.sends(), log.calls.map(ending).sort(), clock.pendingMs]).toEqual([
      1,
      ['failed deadline timeout timeout in headers', 'failed queue_deadline timeout timeout in queue'],
      [],
    ]);
  });

  test('does not count towards the timeout of an attempt', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(async ({ index, init }) => {
      await delay(clock, 900, init.signal);
      return new Response(CHAT_ANSWER, { headers: { ...JSON_TYPE, 'x-send': String(index) } });
    });
    const { client, log } = probe(clock, {
      fetch,
      maxConnections: 1,
      timeout: 1_000,
      deadlineMs: 60_000,
      maxRetries: 0,
    });
    // Each call reads its answer, so its slot becomes free.
    const calls = Array.from({ length: 5 }, () => client.chat.completions.create(CHAT).then(({ id }) => id));
    await clock.advance(5 * 901);
    expect((await Promise.all(calls)).length).toBe(5);
    expect(log.attempts.map(({ startOffsetMs, durationMs }) => [Math.round(startOffsetMs / 900), durationMs])).toEqual(
      [0, 1, 2, 3, 4].map((place) => [place, 900]),
    );
  });
});

describe('with the default limits', () => {
  test('a JSON call that times out makes two attempts: ten minutes, then the rest of the deadline', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(({ init }) => hanging(init));
    const { client, log } = probe(clock, { fetch, retryBudget: undefined });
    const call = client.chat.completions.create(CHAT).catch(shown);
    await clock.advance(15 * MINUTE);
    expect(await call).toBe('APIConnectionTimeoutError timeout retryable in headers');
    const facts = only(log.calls);
    expect([fetch.sends(), attempts(log), facts.durationMs, facts.maybeSentTwice, ending(facts)]).toEqual([
      2,
      'timeout header_timeout (maybe twice), timeout final_transport_failure',
      15 * MINUTE,
      true,
      'failed deadline timeout timeout in headers',
    ]);
  });

  test('a stream that times out makes three attempts of two minutes', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(({ init }) => hanging(init));
    const { client, log } = probe(clock, { fetch, retryBudget: undefined });
    const call = client.chat.completions.create({ ...CHAT, stream: true }).catch(shown);
    await clock.advance(7 * MINUTE);
    expect([await call, fetch.sends()]).toEqual(['APIConnectionTimeoutError timeout retryable in headers', 3]);
    expect(log.attempts.map(({ durationMs }) => durationMs)).toEqual([2 * MINUTE, 2 * MINUTE, 2 * MINUTE]);
  });

  test('a stream that keeps sending ends after one hour, not at the deadline', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(
      () => new Response(ticking(clock, 100_000), { headers: { 'content-type': 'text/event-stream' } }),
    );
    const { client, log } = probe(clock, { fetch });
    const stream = client.chat.completions.create({ ...CHAT, stream: true });
    const reading = (async () => {
      for await (const _chunk of await stream) {
        // Reads on until the stream ends.
      }
    })().catch(shown);
    await clock.advance(59 * MINUTE);
    expect(log.calls.length).toBe(0);
    await clock.advance(MINUTE);
    expect([await reading, only(log.calls).durationMs]).toEqual([
      'APIConnectionTimeoutError 200 timeout final in stream',
      60 * MINUTE,
    ]);
  });

  test('a deadline that the caller sets also ends a stream', async () => {
    const clock = new ManualClock();
    const fetch = scriptedFetch(
      () => new Response(ticking(clock, 1_000), { headers: { 'content-type': 'text/event-stream' } }),
    );
    const { client, log } = probe(clock, { fetch, deadlineMs: 10_000 });
    const stream = await client.chat.completions.create({ ...CHAT, stream: true });
    const reading = (async () => {
      for await (const _chunk of stream) {
        // Reads on until the stream ends.
      }
    })().catch(shown);
    await clock.advance(10_000);
    expect([await reading, ending(only(log.calls)), clock.keepsAlive]).toEqual([
      'APIConnectionTimeoutError 200 timeout retryable in stream',
      'failed deadline timeout 200 timeout in stream',
      false,
    ]);
  });
});
