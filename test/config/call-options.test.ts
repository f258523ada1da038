import { describe, expect, test } from 'vitest';
import { resolveLimits } from '../../src/call/bounds/limits';
import { checkCallOptions } from '../../src/config/call-options';
import type { RequestOptions } from '../../src/config/options';
import { CometAPIError } from '../../src/errors/cometapi-error';
import { probe, scriptedFetch } from '../support/call-probe';
import { ManualClock } from '../support/manual-clock';
import { configOf } from './config-of';

/** Returns the problems that `check` throws. */
function problems(check: () => void): readonly string[] {
  try {
    check();
    return [];
  } catch (error) {
    return error instanceof CometAPIError ? error.problems : [String(error)];
  }
}
const problemsOf = (options: object): readonly string[] => problems(() => checkCallOptions(options as RequestOptions));

describe('the options of one call', () => {
  test('are accepted if all are valid', () => {
    expect(
      problemsOf({
        signal: AbortSignal.timeout(60_000),
        headers: { 'x-team': null },
        query: { page: 2 },
        idempotencyKey: 'order-7',
        telemetry: { attributes: { team: 'a' } },
        runId: 'run-7',
        requestId: 'request-7',
        fetchOptions: { keepalive: true },
      }),
    ).toEqual([]);
    expect(problemsOf({})).toEqual([]);
  });

  test('may be undefined or null', () => {
    const names = ['signal', 'headers', 'query', 'idempotencyKey', 'telemetry', 'runId', 'requestId', 'fetchOptions'];
    expect(problemsOf(Object.fromEntries(names.map((name) => [name, undefined])))).toEqual([]);
    expect(problemsOf(Object.fromEntries(names.map((name) => [name, null])))).toEqual([]);
  });

  test('cause an error that names every invalid option and no value', () => {
    expect(
      problemsOf({
        signal: new AbortController(),
        headers: 'x: y',
        query: 'a=b',
        idempotencyKey: 'line\nbreak',
        telemetry: true,
        fetchOptions: 5,
      }),
    ).toEqual([
      'signal must be an AbortSignal.',
      'idempotencyKey must have 1 to 512 characters that are allowed in an HTTP header.',
      'headers must be an object.',
      'query must be an object.',
      'telemetry must be an object.',
      'fetchOptions must be an object.',
    ]);
  });

  test.each(['', 'ключ', 'a\0b', 'x'.repeat(513), 5])('must not contain the idempotencyKey %j', (idempotencyKey) => {
    expect(problemsOf({ idempotencyKey })).toHaveLength(1);
  });

  test.each([{}, 'abort', { aborted: false }, true])('must not contain the signal %j', (signal) => {
    expect(problemsOf({ signal })).toEqual(['signal must be an AbortSignal.']);
  });
});

test.each([{ signal: new AbortController() }, { headers: 'x: y' }, { idempotencyKey: 'line\nbreak' }])(
  'a call with the invalid options %j is not sent',
  async (options) => {
    const fetch = scriptedFetch(() => Response.json({}));
    const { client } = probe(new ManualClock(), { fetch });
    // JavaScript callers can pass values that the types forbid.
    const call = client.post('/files', { body: {}, ...(options as RequestOptions) });
    await expect(call).rejects.toMatchObject({ name: 'CometAPIError', problems: [expect.any(String)] });
    expect(fetch.sends()).toBe(0);
  },
);

test('invalid limits of one call cause an error that names each option', () => {
  const limits = (options: object) => problems(() => resolveLimits(configOf(), options, false));
  expect(limits({ timeout: '5', deadlineMs: 0, idleTimeoutMs: 1.5, maxRetries: -1 })).toEqual([
    'timeout must be a whole number of milliseconds, from 1 to 2147483647.',
    'deadlineMs must be a whole number of milliseconds, from 1 to 2147483647.',
    'idleTimeoutMs must be a whole number of milliseconds, from 1 to 2147483647.',
    expect.stringMatching(/^maxRetries must be a whole number of retries, /),
  ]);
  expect(limits({ timeout: undefined, deadlineMs: null, maxRetries: 0 })).toEqual([]);
});
