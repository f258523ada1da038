import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { CometAPI } from '../../src/client';
import type { Logger, LogLevel } from '../../src/config/logger';
import { warnOnce } from '../../src/config/warn-once';
import { API_KEY } from './config-of';

function recording(warn: (message: string) => unknown = () => undefined) {
  const lines: string[] = [];
  const ignore = (): void => undefined;
  const logger: Logger = {
    error: ignore,
    info: ignore,
    debug: ignore,
    warn(message) {
      lines.push(message);
      return warn(message);
    },
  };
  return { lines, logger };
}

describe('a warning', () => {
  test('is logged once per process, by the first logger', () => {
    const [first, second] = [recording(), recording()];
    const message = `warning ${randomUUID()}`;
    for (const { logger } of [first, first, second]) {
      warnOnce(message, logger, 'warn');
    }
    expect([first.lines, second.lines]).toEqual([[message], []]);
  });

  test('is logged once if the package is loaded twice', async () => {
    // The query makes this another module for the loader, so TypeScript must not see the path.
    const path = '../../src/config/warn-once.ts?second';
    const second: { readonly warnOnce: typeof warnOnce } = await import(path);
    const { lines, logger } = recording();
    const message = `warning ${randomUUID()}`;
    warnOnce(message, logger, 'warn');
    second.warnOnce(message, logger, 'warn');
    expect(second.warnOnce).not.toBe(warnOnce);
    expect(lines).toEqual([message]);
  });

  test.each<[LogLevel, boolean]>([
    ['off', false],
    ['error', false],
    ['warn', true],
    ['info', true],
    ['debug', true],
  ])('at level %s is logged: %s', (logLevel, isSaid) => {
    const { lines, logger } = recording();
    const message = `warning ${randomUUID()}`;
    warnOnce(message, logger, logLevel);
    expect(lines).toEqual(isSaid ? [message] : []);
  });

  test('that the log level suppressed can be logged later', () => {
    const { lines, logger } = recording();
    const message = `warning ${randomUUID()}`;
    warnOnce(message, logger, 'off');
    warnOnce(message, logger, 'warn');
    expect(lines).toEqual([message]);
  });

  test('is ignored if the logger throws or rejects', async () => {
    const unhandled: unknown[] = [];
    const listener = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', listener);
    const thrown = recording(() => {
      throw new Error('no disk');
    });
    const rejected = recording(() => Promise.reject(new Error('no disk')));
    expect(() => warnOnce(`warning ${randomUUID()}`, thrown.logger, 'warn')).not.toThrow();
    warnOnce(`warning ${randomUUID()}`, rejected.logger, 'warn');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', listener);
    expect([thrown.lines.length, rejected.lines.length, unhandled]).toEqual([1, 1, []]);
  });
});

test('clients log a configuration warning once for all clients', () => {
  const { lines, logger } = recording();
  for (const maxRetries of [5, 6, 7]) {
    new CometAPI({ apiKey: API_KEY, logger, maxRetries });
  }
  expect(lines).toEqual(['maxRetries exceeds the limit of 5 attempts per call. The client uses 5.']);
});
