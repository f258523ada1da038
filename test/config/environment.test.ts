import { afterEach, expect, test, vi } from 'vitest';
import { ENVIRONMENT_NAMES, readEnvironment } from '../../src/config/environment';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
});

test('reads and trims every variable', () => {
  for (const name of ENVIRONMENT_NAMES) {
    vi.stubEnv(name, ` ${name.toLowerCase()}\r\n`);
  }
  expect(readEnvironment()).toEqual(Object.fromEntries(ENVIRONMENT_NAMES.map((name) => [name, name.toLowerCase()])));
});

test.each(['', ' ', '\t\n'])('a blank variable (%j) counts as missing', (blank) => {
  for (const name of ENVIRONMENT_NAMES) {
    vi.stubEnv(name, blank);
  }
  expect(readEnvironment()).toEqual({});
});

test('never reads the keys of other services', () => {
  vi.stubEnv('OPENAI_API_KEY', 'x');
  vi.stubEnv('COMET_API_KEY', 'x');
  vi.stubEnv('OPENAI_BASE_URL', 'https://other.example');
  for (const name of ENVIRONMENT_NAMES) {
    vi.stubEnv(name, undefined);
  }
  expect(readEnvironment()).toEqual({});
});

test.each([
  ['without a process', undefined],
  ['with a process that has no environment', {}],
  [
    'that forbids reading the environment',
    {
      get env() {
        throw new Error('permission denied');
      },
    },
  ],
])('a platform %s has an empty environment', (_name, process) => {
  vi.stubGlobal('process', process);
  const environment = readEnvironment();
  vi.unstubAllGlobals();
  expect(environment).toEqual({});
});
