import { expect, test } from 'vitest';
import { untilStopped, wait } from '../../src/testing/wait';

/** Timers that keep the process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

const HOUR_MS = 3_600_000;

test.each([
  ['in memory, where no socket would', true, 1],
  ['on a socket, which does', false, 0],
])('a pause keeps the process alive %s: %s', async (_where, keepAlive, added) => {
  const stop = new AbortController();
  const before = timers();
  const waiting = wait(HOUR_MS, stop.signal, keepAlive);
  expect(timers() - before).toBe(added);
  stop.abort();
  await waiting;
  expect(timers()).toBe(before);
});

test('a pause that is over leaves no listener', async () => {
  const stop = new AbortController();
  const listeners: string[] = [];
  stop.signal.removeEventListener = (type: string): void => void listeners.push(type);
  await wait(1, stop.signal, true);
  expect(listeners).toEqual(['abort']);
});

test('what was stopped before it began is over at once', async () => {
  await wait(HOUR_MS, AbortSignal.abort(), true);
  await untilStopped(AbortSignal.abort());
});
