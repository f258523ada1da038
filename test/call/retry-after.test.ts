import { expect, test } from 'vitest';
import type { ClientOptions } from '../../src/index';
import { hanging, probe, scriptedFetch } from '../support/call-probe';
import { only, describe as shown } from '../support/fault-story';
import { ManualClock, settled } from '../support/manual-clock';
import { CHAT_ANSWER } from '../support/wire-bytes';

const JSON_TYPE = { 'content-type': 'application/json' };
/** The start time of the manual clock, as a server would see it. */
const SERVER_NOW = new Date(new ManualClock().wallMs());
const dateIn = (seconds: number, from = SERVER_NOW): string => new Date(from.getTime() + seconds * 1_000).toUTCString();

type Sent = readonly [string, string][];

/** Sends an error response with `headers`, then a success. Returns what the client did between the two. */
async function afterAnswer(headers: Sent, options: ClientOptions = {}, status = 429): Promise<string> {
  const clock = new ManualClock();
  const sentAtMs: number[] = [];
  const fetch = scriptedFetch(({ index }) => {
    sentAtMs.push(clock.nowMs());
    return index === 1
      ? new Response('{}', { status, headers: new Headers([...headers]) })
      : new Response(CHAT_ANSWER, { headers: JSON_TYPE });
  });
  const { client, log } = probe(clock, { fetch, ...options });
  const outcome = client.chat.completions.create({ model: 'gpt-test', messages: [] }).then(() => 'answered', shown);
  await settled();
  if (log.calls.length === 0) {
    await clock.advance(120_000);
  }
  expect(clock.pendingMs).toEqual([]);
  const [first = 0, second] = sentAtMs;
  const { because, delayMs, delayOrigin } = log.attempts[0] ?? {};
  return second === undefined
    ? `${await outcome}: ${because}`
    : `${await outcome} after ${second - first} ms (${delayOrigin}${delayMs === second - first ? '' : `, recorded ${delayMs}`})`;
}

const OBEYED: Readonly<Record<string, readonly [Sent, string]>> = {
  seconds: [[['retry-after', '2']], '2000 ms (retry_after)'],
  'a fraction of a second': [[['retry-after', '1.5']], '1500 ms (retry_after)'],
  'zero, as the minimum wait': [[['retry-after', '0']], '50 ms (retry_after)'],
  'a date, relative to the Date header': [
    // The server's clock is one hour behind ours.
    [
      ['retry-after', dateIn(-3_600 + 7)],
      ['date', dateIn(-3_600)],
    ],
    '7000 ms (retry_after)',
  ],
  'a date, relative to the local clock without a Date header': [[['retry-after', dateIn(8)]], '8000 ms (retry_after)'],
  milliseconds: [[['retry-after-ms', '250']], '250 ms (retry_after)'],
  'milliseconds before seconds': [
    [
      ['retry-after', '9'],
      ['retry-after-ms', '250'],
    ],
    '250 ms (retry_after)',
  ],
  'seconds, if the milliseconds are invalid': [
    [
      ['retry-after', '9'],
      ['retry-after-ms', 'soon'],
    ],
    '9000 ms (retry_after)',
  ],
  'the largest of several': [
    [
      ['retry-after', '1'],
      ['retry-after', '3'],
      ['retry-after', '2'],
    ],
    '3000 ms (retry_after)',
  ],
  'the largest of a date and seconds': [
    [
      ['retry-after', '3'],
      ['retry-after', dateIn(5)],
      ['date', dateIn(0)],
    ],
    '5000 ms (retry_after)',
  ],
  'exactly maxRetryAfterMs': [[['retry-after', '60']], '60000 ms (retry_after)'],
};

test.each(Object.entries(OBEYED))('Retry-After determines the wait: %s', async (_name, [headers, expected]) => {
  expect(await afterAnswer(headers)).toBe(`answered after ${expected}`);
});

const IGNORED: Readonly<Record<string, Sent>> = {
  'a negative number': [['retry-after', '-5']],
  'a date in the past': [['retry-after', dateIn(-60)]],
  'a date that does not exist': [['retry-after', 'Mon, 99 Nov 2026 10:00:00 GMT']],
  'another form of date': [['retry-after', '2026-11-21T10:00:10Z']],
  text: [['retry-after', 'soon']],
  'an empty value': [['retry-after', '']],
  'an exponent': [['retry-after', '1e9']],
  hexadecimal: [['retry-after', '0x10']],
  'a number with a unit': [['retry-after', '10s']],
  infinity: [['retry-after', 'Infinity']],
};

test.each(Object.entries(IGNORED))(
  'an invalid Retry-After is ignored and the backoff applies: %s',
  async (_name, headers) => {
    expect(await afterAnswer(headers)).toBe('answered after 50 ms (backoff)');
  },
);

const REFUSED: Readonly<Record<string, readonly [Sent, number]>> = {
  'one second more than maxRetryAfterMs': [[['retry-after', '61']], 61_000],
  'a day': [[['retry-after', '86400']], 86_400_000],
  'more than the longest timer': [[['retry-after', '99999999999']], 2 ** 31 - 1],
  'more than the largest number': [[['retry-after', '9'.repeat(400)]], 2 ** 31 - 1],
  'a date next year': [
    [
      ['retry-after', dateIn(365 * 86_400)],
      ['date', dateIn(0)],
    ],
    2 ** 31 - 1,
  ],
};

test.each(Object.entries(REFUSED))(
  'a Retry-After that is too long fails at once with retryAfterMs: %s',
  async (_name, [headers, retryAfterMs]) => {
    expect(await afterAnswer(headers)).toBe(
      `RateLimitError 429 rate_limited retryable in headers retry after ${retryAfterMs}: retry_after_exceeds_budget`,
    );
  },
);

test('a Retry-After beyond the deadline fails at once', async () => {
  expect(await afterAnswer([['retry-after', '3']], { deadlineMs: 2_000 })).toBe(
    'RateLimitError 429 rate_limited retryable in headers retry after 3000: retry_after_exceeds_budget',
  );
});

test('a Retry-After beyond a configured maxRetryAfterMs fails at once', async () => {
  expect(await afterAnswer([['retry-after', '6']], { maxRetryAfterMs: 5_000 })).toBe(
    'RateLimitError 429 rate_limited retryable in headers retry after 6000: retry_after_exceeds_budget',
  );
});

test('Retry-After applies to every retryable status', async () => {
  for (const status of [408, 500, 503, 529]) {
    expect(await afterAnswer([['retry-after', '4']], {}, status)).toBe('answered after 4000 ms (retry_after)');
  }
});

test('x-should-retry: false prevents a retry, and true has no effect', async () => {
  expect(await afterAnswer([['x-should-retry', 'false']])).toBe(
    'RateLimitError 429 rate_limited final in headers: x_should_retry_false',
  );
  expect(await afterAnswer([['x-should-retry', 'true']], {}, 400)).toBe(
    'BadRequestError 400 invalid_request final in headers: final_status',
  );
});

test('changes of the system time do not affect a wait', async () => {
  const clock = new ManualClock();
  const fetch = scriptedFetch(({ index }) =>
    index === 1
      ? new Response('{}', { status: 503, headers: { 'retry-after': '10' } })
      : new Response(CHAT_ANSWER, { headers: JSON_TYPE }),
  );
  const { client, log } = probe(clock, { fetch });
  const call = client.chat.completions.create({ model: 'gpt-test', messages: [] }).then(() => 'answered');
  await settled();
  clock.jumpWall(-86_400_000);
  await clock.advance(9_999);
  expect(fetch.sends()).toBe(1);
  clock.jumpWall(2 * 86_400_000);
  await clock.advance(1);
  expect(await call).toBe('answered');
  expect(only(log.calls).durationMs).toBe(10_000);
});

test('the fetch entry point returns the response whose Retry-After is too long', async () => {
  const clock = new ManualClock();
  const fetch = scriptedFetch(() => new Response('{"error":{}}', { status: 429, headers: { 'retry-after': '3600' } }));
  const { client, log } = probe(clock, { fetch });
  const response = await client.fetch(`${client.baseURL}/chat/completions`, { method: 'POST', body: '{}' });
  expect([response.status, response.headers.get('retry-after'), await response.text()]).toEqual([
    429,
    '3600',
    '{"error":{}}',
  ]);
  expect(only(log.calls)).toMatchObject({ retryAfterMs: 3_600_000, endingReason: 'http_status' });
});

test('a retry after a header timeout is sent only after its full delay', async () => {
  const clock = new ManualClock();
  const fetch = scriptedFetch(({ init }) => hanging(init));
  const { client, log } = probe(
    clock,
    { fetch, timeout: 1_000, maxRetries: 1, backoffBaseMs: 4_000 },
    {
      random: () => 0.5,
      randomBytes: (count) => new Uint8Array(count),
    },
  );
  const call = client.chat.completions.create({ model: 'gpt-test', messages: [] }).catch(shown);
  await clock.advance(2_999);
  expect(fetch.sends()).toBe(1);
  await clock.advance(1);
  expect(fetch.sends()).toBe(2);
  await clock.advance(1_000);
  expect(await call).toBe('APIConnectionTimeoutError timeout retryable in headers');
  expect(
    only(log.calls).attempts.map(({ startOffsetMs, durationMs, delayMs }) => [startOffsetMs, durationMs, delayMs]),
  ).toEqual([
    [0, 1_000, 2_000],
    [3_000, 1_000, undefined],
  ]);
});
