import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { createSimulator, scenario } from '../../src/simulator/index';
import { resolveSettings } from '../../src/simulator/simulator-options';

const page = readFileSync(new URL('../../docs/simulator.md', import.meta.url), 'utf8');

/** First cells of all table rows. */
const cells = page.match(/^\| `[^`]*`/gm)?.map((cell) => cell.slice(3, -1)) ?? [];

test('the page has one row for each scenario, and no other rows', () => {
  const named = cells.flatMap((cell) => /^scenario\.(\w+)\(/.exec(cell)?.[1] ?? []);
  // `fail` has a second row, in the table about order.
  expect([...new Set(named)].sort()).toEqual(Object.keys(scenario).sort());
});

test('every option and every member of a simulator has a row', () => {
  const names = cells.map((cell) => /^\w+/.exec(cell)?.[0]);
  expect(names).toEqual(expect.arrayContaining(Object.keys(resolveSettings({}))));
  expect(names).toEqual(expect.arrayContaining(Object.keys(createSimulator())));
});

test('the first example of the page is the tested file', () => {
  const example = readFileSync(new URL('./documented-example.test.ts', import.meta.url), 'utf8');
  expect(/```ts\n([\s\S]*?)```/.exec(page)?.[1]).toBe(example);
});
