import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { DEFAULTS } from '../../src/config/defaults';
import { ENVIRONMENT_NAMES } from '../../src/config/environment';
import { configOf, problemsOf } from './config-of';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/configuration.md');
const source = ts.createSourceFile('options.ts', read('src/config/options.ts'), ts.ScriptTarget.Latest, true);

interface Documented {
  readonly variables: readonly string[];
  readonly fallback: string | undefined;
}

const words = (text: string): string => text.replaceAll(/\s+/g, ' ').trim();

/** Returns the members of an interface, with the variables and the default from their docstrings. */
function membersOf(interfaceName: string): Map<string, Documented> {
  const found = new Map<string, Documented>();
  for (const statement of source.statements) {
    if (!ts.isInterfaceDeclaration(statement) || statement.name.text !== interfaceName) {
      continue;
    }
    for (const member of statement.members) {
      const tags = ts.getJSDocTags(member);
      const fallback = tags.find((tag) => tag.tagName.text === 'default')?.comment;
      const docs = ts.getJSDocCommentsAndTags(member).map((doc) => doc.getText());
      found.set(member.name?.getText() ?? '', {
        variables: [...docs.join().matchAll(/`(COMETAPI_[A-Z_]+)`/g)].flatMap(([, name]) => name ?? []),
        fallback: fallback === undefined ? undefined : words(ts.getTextOfJSDocComment(fallback) ?? ''),
      });
    }
  }
  return found;
}

const client = membersOf('ClientOptions');
const inCode = new Map<string, Documented>([
  ...[...client].filter(([name]) => name !== 'telemetry'),
  ...[...membersOf('TelemetryOptions')].map(([name, documented]) => [`telemetry.${name}`, documented] as const),
]);

/** The rows of the page with five cells: option, variable, unit, default, description. */
const onPage = new Map<string, Documented & { readonly unit: string; readonly why: string }>();
for (const row of page.matchAll(/^\| `([\w.]+)` \|([^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|$/gm)) {
  const [, name = '', variables = '', unit = '', fallback = '', why = ''] = row;
  onPage.set(name, {
    variables: [...variables.matchAll(/`(\w+)`/g)].flatMap(([, variable]) => variable ?? []),
    unit: unit.trim(),
    fallback: fallback.trim() === '–' ? undefined : fallback.trim(),
    why: why.trim(),
  });
}

describe('docs/configuration.md', () => {
  test('lists every option and no other', () => {
    expect([...onPage.keys()].sort()).toEqual([...inCode.keys()].sort());
  });

  test('lists the variables of each docstring, and every variable that is read', () => {
    const variables = (from: ReadonlyMap<string, Documented>) =>
      Object.fromEntries([...from].map(([name, documented]) => [name, documented.variables]));
    expect(variables(onPage)).toEqual(variables(inCode));
    expect([...onPage.values()].flatMap((row) => row.variables).sort()).toEqual([...ENVIRONMENT_NAMES].sort());
  });

  test('lists the default of each docstring', () => {
    const fallbacks = (from: ReadonlyMap<string, Documented>) =>
      Object.fromEntries([...from].map(([name, documented]) => [name, documented.fallback]));
    // A required option has no default.
    expect(fallbacks(onPage)).toEqual({ ...fallbacks(inCode), apiKey: 'required' });
  });

  test('lists a unit for every option', () => {
    expect([...onPage].filter(([, row]) => row.unit === '')).toEqual([]);
  });

  test('lists only variables that are read: an invalid value causes a problem that names the variable', () => {
    const silent = [...onPage.values()]
      .flatMap((row) => row.variables)
      .filter((name) => name !== 'COMETAPI_KEY' && name !== 'COMETAPI_API_KEY')
      // Any text is a valid path.
      .filter((name) => name !== 'COMETAPI_RECORD_FILE')
      .filter((name) => problemsOf({}, { [name]: 'not a, value' }).join() === '');
    expect(silent).toEqual([]);
  });

  test('lists the defaults of the code', () => {
    const { telemetry, baseURL, environmentName, openaiCompatible, ...config } = configOf();
    const settings: Readonly<Record<string, unknown>> = {
      ...config,
      baseURL: baseURL.text,
      environment: environmentName,
      ...Object.fromEntries(Object.entries(telemetry).map(([name, value]) => [`telemetry.${name}`, value])),
    };
    const told = [...onPage].flatMap(([name, { fallback = '' }]) => {
      const value = parsedDefault(fallback);
      return value === undefined ? [] : [[name, value] as const];
    });
    const ours = told.map(([name]) => [name, name in settings ? settings[name] : false]);
    expect(Object.fromEntries(told)).toEqual(Object.fromEntries(ours));
    expect(told.length).toBeGreaterThan(18);
    expect(openaiCompatible).toBe(false);
  });

  test('lists the defaults that have more than one number', () => {
    const { streamHeaderTimeoutMs, jsonTimeoutMs, deadlineMs, deadlineMarginMs, retryBudget } = DEFAULTS;
    const number = (value: number): string => value.toLocaleString('en-US');
    expect([onPage.get('timeout'), onPage.get('deadlineMs'), onPage.get('retryBudget')]).toMatchObject([
      { fallback: `${number(streamHeaderTimeoutMs)} for streams, ${number(jsonTimeoutMs)} for JSON` },
      { fallback: `max(${number(deadlineMs)}; timeout + ${number(deadlineMarginMs)})` },
      { fallback: Object.values(retryBudget).join(', ') },
    ]);
    expect(configOf().logger).toBe(console);
    expect(onPage.get('logger')).toMatchObject({ fallback: 'console' });
  });

  test('lists every option of a call and no other', () => {
    const section = page.slice(page.indexOf('## Options for one call'));
    const named = [...section.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name);
    expect(named).toEqual([...membersOf('RequestOptions').keys()]);
  });
});

/** Parses a default that is one value. Returns `undefined` for a sentence. */
function parsedDefault(text: string): unknown {
  if (/^[\d,]+$/.test(text)) {
    return Number(text.replaceAll(',', ''));
  }
  if (text === 'true' || text === 'false') {
    return text === 'true';
  }
  return /^'(\w+)'$/.exec(text)?.[1] ?? (text.startsWith('https://') ? text : undefined);
}
