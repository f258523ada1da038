import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ALONE } from '../vitest.config';

/** What outlives a file of tests, unless it has a process of its own; stubs of vitest do not, they are taken back. */
const LASTING =
  /\b(?:setGlobal\w+|startRecordingTelemetry|resetModules|doMock|vi\.mock|setLogger|setFlagsFromString)\(|Reflect\.set\(globalThis|Object\.(?:assign|defineProperty)\(globalThis|globalThis\.\w+ = |process\.env\[[^\]]+\] = /;

/** The text of a file below test/, and of all there that it imports. */
function textOf(file: string, seen = new Set<string>()): string {
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/(?:from|import) '(\.[^']+)'/g)]
    .map(([, path = '']) => `${join(dirname(file), path)}.ts`)
    .filter((path) => path.startsWith('test/') && existsSync(path) && !seen.has(path));
  return [text, ...imported.map((path) => textOf(path, seen))].join('\n');
}

/** They hold such words, and do none of it here. */
const HARMLESS = ['test/shared-processes.test.ts', 'test/node/register.test.ts'];

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith('consumers'))
  .map((path) => join('test', path));

test('no file leaves anything behind in a process that it shares', () => {
  const shared = files.filter((file) => ![...ALONE, ...HARMLESS].includes(file));
  const leaving = shared.map((file) => [file, LASTING.exec(textOf(file))?.[0]]).filter(([, found]) => found);
  expect(leaving).toEqual([]);
});

test('no file has a process of its own that is gone', () => {
  expect(ALONE.filter((file) => !files.includes(file))).toEqual([]);
});
