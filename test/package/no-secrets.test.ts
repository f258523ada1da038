import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';

/** Keys of CometAPI have 48 characters after `sk-`. Public scanners have no rule for them, so this test searches. */
const KEY_SHAPE = /\bsk-[A-Za-z0-9]{40,}\b/;

const ROOTS = [
  'src',
  'test',
  'examples',
  'docs',
  'scripts',
  'bench',
  '.github',
  '.ci',
  'README.md',
  'CHANGELOG.md',
  'package.json',
];

function filesBelow(path: string): string[] {
  if (!existsSync(path)) {
    return [];
  }
  return statSync(path).isDirectory()
    ? readdirSync(path, { withFileTypes: true })
        .filter((entry) => entry.name !== 'node_modules')
        .flatMap((entry) => filesBelow(`${path}/${entry.name}`))
    : [path];
}

test('no file of the repository contains text in the shape of a CometAPI key', () => {
  const files = ROOTS.flatMap(filesBelow);
  expect(files.length).toBeGreaterThan(100);
  expect(files.filter((file) => KEY_SHAPE.test(readFileSync(file, 'utf8')))).toEqual([]);
});

test('the search finds a key', () => {
  expect(KEY_SHAPE.test(`apiKey: 'sk-${'a1B2'.repeat(12)}'`)).toBe(true);
});
