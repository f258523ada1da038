import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { afterRetryAfter, backoffMs, FLOOR_MS, parseRetryAfter } from '../../src/retry/delay';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0);
const MAX = 2 ** 31 - 1;
/** The IMF-fixdate `seconds` from now. */
const inSeconds = (seconds: number): string => new Date(NOW + seconds * 1_000).toUTCString();
const parse = (retryAfter: string, more: { readonly retryAfterMs?: string; readonly date?: string } = {}) =>
  parseRetryAfter({ retryAfter, ...more }, NOW);

describe('Retry-After', () => {
  test.each([
    ['seconds', '120', 120_000],
    ['fractions of seconds', '1.5', 1_500],
    ['leading zeros', '007', 7_000],
    ['zero', '0', 0],
    ['zero with a fraction', '0.000', 0],
    ['surrounding white space', '  5\t', 5_000],
    ['a date', inSeconds(90), 90_000],
    ['a date and white space', ` ${inSeconds(90)} `, 90_000],
    ['the longest timer', '2147483.647', MAX],
    ['more than the longest timer', '2147484', MAX],
    ['a huge number', '99999999999999999999', MAX],
    ['a number with 400 digits', '9'.repeat(400), MAX],
    ['a number with 16,384 digits', '9'.repeat(16_384), MAX],
    ['a date in a far century', 'Fri, 31 Dec 9999 23:59:59 GMT', MAX],
    ['two numbers: the larger', '5, 30', 30_000],
    ['two numbers, the larger first', '30,5', 30_000],
    ['a number between garbage', 'soon, 7, -1, 1e9', 7_000],
    ['two dates: the later', `${inSeconds(10)}, ${inSeconds(20)}`, 20_000],
    ['two dates, the later first', `${inSeconds(20)}, ${inSeconds(10)}`, 20_000],
    ['a date and a larger number', `${inSeconds(10)}, 20`, 20_000],
    ['a number and a later date', `10, ${inSeconds(20)}`, 20_000],
    ['a past date and a number', `${inSeconds(-10)}, 20`, 20_000],
    ['a number after 5,000 invalid values', `${'x,'.repeat(5_000)}120`, 120_000],
    ['200,001 numbers', '1,'.repeat(200_000).concat('120'), 120_000],
  ])('accepts %s', (_form, text, expected) => {
    expect(parse(text)).toBe(expected);
  });

  test.each([
    ['empty', ''],
    ['white space', ' \t '],
    ['commas', ',,,'],
    ['negative', '-5'],
    ['positive with a sign', '+5'],
    ['an exponent', '1e9'],
    ['an upper-case exponent', '1E9'],
    ['hexadecimal', '0x10'],
    ['other digits than ASCII', '٣٤'],
    ['a bare point', '.'],
    ['no digit before the point', '.5'],
    ['no digit after the point', '5.'],
    ['two points', '1.2.3'],
    ['two invalid values', 'a,b'],
    ['a unit', '5s'],
    ['spaces inside', '1 000'],
    ['text', 'soon'],
    ['NaN', 'NaN'],
    ['Infinity', 'Infinity'],
    ['JSON', '{"seconds":5}'],
    ['a past date', inSeconds(-1)],
    ['the current time', inSeconds(0)],
    ['an invalid date', 'Sat, 99 Nov 2026 12:00:00 GMT'],
    ['an invalid time', 'Sat, 21 Nov 2026 99:00:00 GMT'],
    ['a date without its zone', 'Sat, 21 Nov 2026 13:00:00'],
    ['a date in another zone', 'Sat, 21 Nov 2026 13:00:00 PST'],
    ['an ISO date', '2026-11-21T13:00:00.000Z'],
    ['a RFC 850 date', 'Saturday, 21-Nov-26 13:00:00 GMT'],
    ['an asctime date', 'Sat Nov 21 13:00:00 2026'],
    ['a date in lower case', inSeconds(90).toLowerCase()],
    ['digits around a date, which must not join into one number', `1${inSeconds(-5)}20`],
  ])('ignores %s', (_form, text) => {
    expect(parse(text)).toBeUndefined();
  });

  test('is undefined without a header', () => {
    expect(parseRetryAfter({}, NOW)).toBeUndefined();
    expect(parseRetryAfter({ date: inSeconds(0) }, NOW)).toBeUndefined();
  });

  test("compares a date with the response's Date, so a wrong local clock has no effect", () => {
    const hourAhead = NOW + 3_600_000;
    const headers = { retryAfter: inSeconds(30), date: inSeconds(0) };
    expect([NOW, hourAhead, 0, Number.NaN].map((wallMs) => parseRetryAfter(headers, wallMs))).toEqual([
      30_000, 30_000, 30_000, 30_000,
    ]);
    expect(parse(inSeconds(30), { date: ` ${inSeconds(20)} ` })).toBe(10_000);
    expect(parse(inSeconds(30), { date: inSeconds(30) })).toBeUndefined();
  });

  test('compares a date with the local clock if the response has no valid Date', () => {
    for (const date of ['', 'yesterday', '2026-11-21T12:00:10Z', `${inSeconds(20)}, ${inSeconds(20)}`]) {
      expect(parse(inSeconds(30), { date })).toBe(30_000);
    }
  });

  test('in milliseconds takes precedence over seconds and dates, even if it is shorter', () => {
    expect(parse('120', { retryAfterMs: '1500' })).toBe(1_500);
    expect(parse(inSeconds(90), { retryAfterMs: '0' })).toBe(0);
    expect(parseRetryAfter({ retryAfterMs: '250.5' }, NOW)).toBe(250.5);
    expect(parseRetryAfter({ retryAfterMs: '10, 30, 20' }, NOW)).toBe(30);
    expect(parseRetryAfter({ retryAfterMs: '9'.repeat(400) }, NOW)).toBe(MAX);
  });

  test.each(['', '-1', '1e3', 'soon', inSeconds(90)])(
    'in milliseconds counts as absent if it is %j',
    (retryAfterMs) => {
      expect(parse('120', { retryAfterMs })).toBe(120_000);
      expect(parseRetryAfter({ retryAfterMs }, NOW)).toBeUndefined();
    },
  );

  test('never throws for any text, and is undefined or a valid timer delay', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('5', '1e9', '-1', ' ', ',', '.', inSeconds(60), inSeconds(-60), '9'.repeat(400), 'GMT', 'Sat, '),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    const header = fc.option(
      fc.array(piece, { maxLength: 6 }).map((pieces) => pieces.join('')),
      { nil: undefined },
    );
    fc.assert(
      fc.property(header, header, header, fc.double(), (retryAfter, retryAfterMs, date, wallMs) => {
        const asked = parseRetryAfter({ retryAfter, retryAfterMs, date }, wallMs);
        return asked === undefined || (Number.isFinite(asked) && asked >= 0 && asked <= MAX);
      }),
      { numRuns: 1_000, interruptAfterTimeLimit: 10_000 },
    );
  });

  test('with several valid values is the largest of them', () => {
    const seconds = fc.integer({ min: 1, max: 2_000_000 });
    fc.assert(
      fc.property(fc.array(fc.tuple(seconds, fc.boolean()), { minLength: 1 }), (values) => {
        const header = values.map(([value, isDate]) => (isDate ? inSeconds(value) : String(value))).join(', ');
        return parse(header) === Math.max(...values.map(([value]) => value)) * 1_000;
      }),
    );
  });
});

describe('backoff', () => {
  const step = { baseMs: 500, capMs: 8_000, retriesSoFar: 0 };

  test('grows exponentially up to the cap', () => {
    const most = [0, 1, 2, 3, 4, 5, 50, 2_000].map((retriesSoFar) => backoffMs({ ...step, retriesSoFar, random: 1 }));
    expect(most).toEqual([500, 1_000, 2_000, 4_000, 8_000, 8_000, 8_000, 8_000]);
  });

  test('is spread over the whole step by the random number', () => {
    expect([0, 0.1, 0.25, 0.5, 0.999].map((random) => backoffMs({ ...step, random }))).toEqual([
      50, 50, 125, 250, 499.5,
    ]);
  });

  test('is never shorter than the floor, for any configuration', () => {
    expect(backoffMs({ baseMs: 0, capMs: 0, retriesSoFar: 3, random: 0.9 })).toBe(FLOOR_MS);
    expect(backoffMs({ baseMs: 500, capMs: 10, retriesSoFar: 3, random: 0.9 })).toBe(FLOOR_MS);
  });

  test('is finite and between the floor and the longest timer, for any numbers', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: MAX }),
        fc.integer({ min: 0, max: MAX }),
        fc.nat(),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (baseMs, capMs, retriesSoFar, random) => {
          const delayMs = backoffMs({ baseMs, capMs, retriesSoFar, random });
          return delayMs >= FLOOR_MS && delayMs <= MAX && delayMs <= Math.max(FLOOR_MS, capMs);
        },
      ),
    );
  });
});

describe('the wait after Retry-After', () => {
  test('is the requested time, and up to 10 % more', () => {
    expect([0, 0.5, 1].map((random) => afterRetryAfter(10_000, random, MAX))).toEqual([10_000, 10_500, 11_000]);
  });

  test('ends before the deadline, but never before the requested time', () => {
    expect(afterRetryAfter(10_000, 1, 10_200)).toBe(10_200);
    expect(afterRetryAfter(10_000, 1, 5_000)).toBe(10_000);
  });

  test('is between the floor and the longest timer', () => {
    expect([0, 1, 49].map((asked) => afterRetryAfter(asked, 0, MAX))).toEqual([50, 50, 50]);
    expect(afterRetryAfter(MAX, 1, Number.POSITIVE_INFINITY)).toBe(MAX);
  });
});
