import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { warnOnce } from '../src/config/warn-once';
import { ALONE } from '../vitest.config';
import { moduleState } from './support/module-state';

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

/** The state of the modules in src/, and the reason why a test cannot change the result of another test through it. */
const MODULE_STATE: Readonly<Record<string, string>> = {
  'call/finalization.ts registry':
    'ends only the body whose holder was collected; only the observers of that call see it',
  'call/clock.ts pool': 'random bytes; each byte is used once',
  'call/clock.ts taken': 'the position in `pool`',
  'call/request/known-url.ts known':
    'cache: the result depends only on the text of the URL, and callers do not change it',
  'call/lifecycle.ts open': 'read only when the process exits',
  'call/lifecycle.ts isListening': 'the process needs one exit listener, and no test removes it',
  'call/request/route.ts lastFound': 'cache: checks method, base URL and redactor before it uses an entry',
  'client.ts compositionOf': 'a function that is set once, when the class is defined',
  'config/warn-once.ts globalThis[WARNED]': 'reset after each test by support/reset-singletons.ts',
  'facts/identifier.ts cachedSecond': 'cache: the second of `secondText`',
  'facts/identifier.ts secondText': 'cache: depends only on `cachedSecond`',
  'facts/uuid.ts codes': 'buffer: each id overwrites all digits',
  'node/telemetry.ts globalThis[STATE]': 'reset after each test by support/reset-singletons.ts',
  'records/call-line/is-call-record.ts enumValues': 'cache: the result depends only on the text',
  'telemetry/context-manager.ts checked':
    'set only with a real tracer provider; such a test file has a separate process',
  'simulator/drivers/http-driver.ts globalThis[ORIGINS]':
    'contains the running simulators; closing one removes its origin',
  'transport/find-dispatcher.ts found': 'cache: depends only on the global dispatcher, whose options never change',
  'transport/find-dispatcher.ts checkedFetch': 'cache: the function that `isNodes` describes',
  'transport/find-dispatcher.ts isNodes': 'cache: depends only on the source text of `checkedFetch`',
  'transport/platform-fetch.ts known': 'cache: depends only on the class of the dispatcher',
  'wire/body/inspect-json.ts UTF8': 'a decoder without the option `stream` keeps nothing',
  'wire/utf8.ts scratch': 'buffer: written, never read',
};

describe('state of modules', () => {
  test('cannot influence another test, for the listed reason', () => {
    const found = readdirSync('src', { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.ts'))
      .flatMap((path) => moduleState(readFileSync(join('src', path), 'utf8')).map((name) => `${path} ${name}`));
    expect(found.sort()).toEqual(Object.keys(MODULE_STATE).sort());
  });

  test.each([
    ['let a = 0;', ['a']],
    ['export let a: string | undefined;', ['a']],
    ['var a;', ['a']],
    ['const a = new Map<string, string>();', ['a']],
    ['const a: Set<string> = new Set(["b"]);', ['a']],
    ['const a = new Uint8Array(8) as Uint8Array;', ['a']],
    ['const a = { b: 0 }; function c() { a.b++; }', ['a']],
    ['const a = []; function b() { a.push(1); }', ['a']],
    ['const a = {}; function b(c) { delete a[c]; }', ['a']],
    ['const a = /b/g; function c(d) { return a.test(d); }', ['a']],
    ["const a = new RegExp('b', 'y'); function c(d) { return a.exec(d); }", ['a']],
    ['function a() { globalThis[B] = 1; }', ['globalThis[B]']],
    ['function a() { const holder = globalThis as A; holder[B] ??= {}; }', ['globalThis[B]']],
  ])('is found in %s', (text, found) => {
    expect(moduleState(text)).toEqual(found);
  });

  test.each([
    'const a = 1;',
    'const a: ReadonlySet<string> = new Set(["b"]);',
    'const a: ReadonlyMap<string, string> = new Map();',
    'const a = /b/; function c(d) { return a.test(d); }',
    "const a = new RegExp('b', 'g'); function c(d) { return d.replace(a, ''); }",
    'function a() { let b = 0; const c = new Map(); c.set(b++, 1); }',
    'class A { #b = new Map(); }',
  ])('is not found in %s', (text) => {
    expect(moduleState(text)).toEqual([]);
  });

  test.each([1, 2])('does not include warnings of an earlier test (run %i)', () => {
    const lines: string[] = [];
    const ignore = (): void => undefined;
    warnOnce(
      'a warning',
      { warn: (line) => void lines.push(line), error: ignore, info: ignore, debug: ignore },
      'warn',
    );
    expect(lines).toEqual(['a warning']);
  });
});
