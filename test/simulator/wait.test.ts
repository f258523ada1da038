import { expect, test } from 'vitest';
import { untilStopped, wait } from '../../src/simulator/wait';

/** Timers that keep the process alive. */
const timers = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;

const HOUR_MS = 3_600_000;

test.each([
  ['true in memory, which has no socket', true, 1],
  ['false with a socket, which does so itself', false, 0],
])('a pause keeps the process alive: %s: %s', async (_where, keepAlive, added) => {
  const stop = new AbortController();
  const before = timers();
  const waiting = wait(HOUR_MS, stop.signal, keepAlive);
  expect(timers() - before).toBe(added);
  stop.abort();
  await waiting;
  expect(timers()).toBe(before);
});

test('a finished pause leaves no listener', async () => {
  const stop = new AbortController();
  const listeners: string[] = [];
  stop.signal.removeEventListener = (type: string): void => void listeners.push(type);
  await wait(1, stop.signal, true);
  expect(listeners).toEqual(['abort']);
});

test('a signal that has already fired ends a pause immediately', async () => {
  await wait(HOUR_MS, AbortSignal.abort(), true);
  await untilStopped(AbortSignal.abort());
});
