import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { ALONE } from '../vitest.config';

/** Code whose effects outlive a test file. Stubs of Vitest are allowed, because Vitest reverts them. */
const LASTING =
  /\b(?:setGlobal\w+|startRecordingTelemetry|resetModules|doMock|vi\.mock|setLogger|setFlagsFromString)\(|Reflect\.set\(globalThis|Object\.(?:assign|defineProperty)\(globalThis|globalThis\.\w+ = |process\.env\[[^\]]+\] = /;

/** Returns the text of a file in test/ and of all files in test/ that it imports. */
function textOf(file: string, seen = new Set<string>()): string {
  seen.add(file);
  const text = readFileSync(file, 'utf8');
  const imported = [...text.matchAll(/(?:from|import) '(\.[^']+)'/g)]
    .map(([, path = '']) => `${join(dirname(file), path)}.ts`)
    .filter((path) => path.startsWith('test/') && existsSync(path) && !seen.has(path));
  return [text, ...imported.map((path) => textOf(path, seen))].join('\n');
}

/** These files contain such code, but do not run it in this process. */
const HARMLESS = ['test/shared-processes.test.ts', 'test/node/register.test.ts'];

const files = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.test.ts') && !path.startsWith('consumers'))
  .map((path) => join('test', path));

test('no test file changes global state of a shared process', () => {
  const shared = files.filter((file) => ![...ALONE, ...HARMLESS].includes(file));
  const leaving = shared.map((file) => [file, LASTING.exec(textOf(file))?.[0]]).filter(([, found]) => found);
  expect(leaving).toEqual([]);
});

test('every file with a separate process exists', () => {
  expect(ALONE.filter((file) => !files.includes(file))).toEqual([]);
});
