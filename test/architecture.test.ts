import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/**
 * What each room may import: other rooms by name, packages by name, `types:` when only their types. A file directly in
 * src/ is a room of its own; those compose the others.
 */
const ARROWS: Readonly<Record<string, readonly string[]>> = {
  facts: [],
  secret: [],
  retry: ['facts'],
  telemetry: ['facts', '@opentelemetry/api', '@opentelemetry/semantic-conventions'],
  records: ['facts'],
  errors: ['facts'],
  config: ['errors', 'facts', 'secret', '@opentelemetry/api'],
  wire: ['facts', 'eventsource-parser'],
  transport: ['errors', 'facts', 'ky', 'types:config', 'types:retry', 'types:wire'],
  sinks: ['facts', 'records', '@opentelemetry/api'],
  // `call` implements the port that `resources` speaks to, and knows nothing else of it.
  call: ['config', 'errors', 'facts', 'retry', 'secret', 'transport', 'wire', 'p-retry', 'types:resources'],
  resources: ['config', 'errors', 'facts', 'wire', 'openai'],
  hosts: ['types:cometapi-otel'],
  client: ['*', 'openai'],
  'client-records': ['*'],
  compose: ['*', '@opentelemetry/api'],
  index: ['*', 'openai'],
  // The commands read and make records with the builders themselves: drafts, seals and readers of lines are not public.
  node: [
    'cometapi-otel',
    '@opentelemetry/api',
    '@opentelemetry/sdk-node',
    'node:',
    'commander',
    'zod',
    'facts',
    'records',
    // Where a process runs, and how a line is appended.
    'sinks',
    // The doctor asks what the library itself asks: names of variables, defaults, whether a context manager is there.
    'config',
    'telemetry',
    // The shape of an answer: nobody else parses bodies.
    'wire',
    'types:call',
    'types:compose',
  ],
  testing: ['cometapi-otel', 'openai', 'node:'],
};

/** Only for their types: the built code must not know them. */
const TYPES_ONLY = ['openai', '@opentelemetry/sdk-node'];

/** Names that exist in one place each; `test/support` and the rooms that run on Node only are free to use them. */
const ONE_PLACE: readonly { readonly name: string; readonly home: readonly string[] }[] = [
  ...['setTimeout', 'setInterval', 'Date.now', 'Math.random', 'performance.now'].map((name) => ({
    name,
    home: ['call/clock.ts', 'node/', 'testing/'],
  })),
  { name: 'process.env', home: ['config/environment.ts', 'node/'] },
  { name: 'recordException', home: [] },
];

/** Entries list the public names; everywhere else a name is imported from the file that makes it. */
const ENTRIES = [
  'index.ts',
  'hosts/openai.ts',
  'hosts/ai-sdk.ts',
  'hosts/langchain.ts',
  'node/index.ts',
  'node/gateway/index.ts',
  'testing/index.ts',
];

const MAX_LINES = 300;

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

interface SourceFile {
  /** Below src/. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** Identifiers, and `object.property` pairs, that the code uses. */
  readonly names: ReadonlySet<string>;
  readonly reExports: number;
}

function parse(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const names = new Set<string>();
  let reExports = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      imports.push({ target: node.moduleSpecifier.text, typeOnly: node.importClause?.isTypeOnly === true });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      imports.push({ target: node.moduleSpecifier.text, typeOnly: node.isTypeOnly });
      reExports++;
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      imports.push({ target: node.argument.literal.getText().slice(1, -1), typeOnly: true });
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      imports.push({ target: node.arguments[0]?.getText().slice(1, -1) ?? '', typeOnly: false });
    } else if (ts.isPropertyAccessExpression(node)) {
      names.add(node.getText().replaceAll(/\s|\?/g, ''));
    } else if (ts.isElementAccessExpression(node) && ts.isStringLiteral(node.argumentExpression)) {
      names.add(`${node.expression.getText()}.${node.argumentExpression.text}`);
    } else if (ts.isIdentifier(node)) {
      names.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true));
  return { path, text, imports, names, reExports };
}

function roomOf(path: string): string {
  const [first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}

/** The room, or the package, that an import line points at. */
function targetOf(file: SourceFile, { target }: Import): string {
  if (target.startsWith('.')) {
    return roomOf(relative('.', join(dirname(file.path), target)));
  }
  if (target.startsWith('node:')) {
    return 'node:';
  }
  return target
    .split('/')
    .slice(0, target.startsWith('@') ? 2 : 1)
    .join('/');
}

function forbiddenImports(file: SourceFile): string[] {
  const room = roomOf(file.path);
  const allowed = ARROWS[room];
  if (allowed === undefined) {
    return [`${file.path}: the room '${room}' is not in the table`];
  }
  return file.imports.flatMap((line) => {
    const target = targetOf(file, line);
    const isRoom = line.target.startsWith('.');
    if (line.typeOnly && allowed.includes(`types:${target}`)) {
      return [];
    }
    if (target === room || allowed.includes(target) || (isRoom && allowed.includes('*'))) {
      return TYPES_ONLY.includes(target) && !line.typeOnly && room !== 'node'
        ? [`${file.path} imports more than types from ${line.target}`]
        : [];
    }
    return [`${file.path} imports ${line.target}`];
  });
}

function isAt(file: SourceFile, homes: readonly string[]): boolean {
  return homes.some((home) => (home.endsWith('/') ? file.path.startsWith(home) : file.path === home));
}

function misplacedNames(file: SourceFile): string[] {
  return ONE_PLACE.filter(({ name, home }) => {
    const used = [...file.names].some((found) => found === name || found.endsWith(`.${name}`));
    return used && !isAt(file, home);
  }).map(({ name }) => `${file.path} uses ${name}`);
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
  .sort()
  .map((path) => parse(path.replaceAll('\\', '/'), readFileSync(join('src', path), 'utf8')));

describe('the house', () => {
  test('imports run only along the arrows of the table', () => {
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  test('ky is known to one file', () => {
    const importers = files.filter((file) => file.imports.some((line) => targetOf(file, line) === 'ky'));
    expect(importers.map(({ path }) => path).filter((path) => path !== 'transport/ky-send.ts')).toEqual([]);
  });

  test('the library of the command line is known to the commands only', () => {
    const importers = files.filter((file) =>
      file.imports.some((line) => targetOf(file, line) === 'commander' && !line.typeOnly),
    );
    expect(importers.map(({ path }) => path).filter((path) => !path.startsWith('node/cli/'))).toEqual([]);
  });

  test('time, chance and the environment come in through one file each, and no exception is recorded on a span', () => {
    expect(files.flatMap(misplacedNames)).toEqual([]);
  });

  test('only entries re-export', () => {
    const barrels = files.filter((file) => file.reExports > 0 && !ENTRIES.includes(file.path));
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  test('only the core entry has a default export', () => {
    const withDefault = files.filter((file) => /^export default|^export \{[^}]*\bas default\b/m.test(file.text));
    expect(withDefault.map(({ path }) => path).filter((path) => path !== 'index.ts')).toEqual([]);
  });

  test(`no file has more than ${MAX_LINES} lines, and the path of a call fits 120`, () => {
    const tooLong = files
      .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > (path === 'call/run-call.ts' ? 120 : MAX_LINES));
    expect(tooLong).toEqual([]);
  });

  test('names of files are kebab-case', () => {
    expect(files.map(({ path }) => path).filter((path) => !/^(?:[a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(path))).toEqual([]);
  });

  test('the sealed rooms are compiled without the platform', () => {
    const sealed = JSON.parse(readFileSync('tsconfig.sealed.json', 'utf8'));
    expect(sealed.compilerOptions.lib).toEqual(['ES2024']);
    expect(sealed.compilerOptions.types).toEqual([]);
    expect(sealed.include).toEqual(expect.arrayContaining(['src/facts', 'src/retry', 'src/records', 'src/telemetry']));
  });
});

describe('the rules themselves see', () => {
  const see = (path: string, text: string): string[] => {
    const file = parse(path, text);
    return [...forbiddenImports(file), ...misplacedNames(file)];
  };

  test.each([
    ['facts/a.ts', "import { b } from '../wire/b';", 'facts/a.ts imports ../wire/b'],
    ['facts/a.ts', "export { b } from '../wire/b';", 'facts/a.ts imports ../wire/b'],
    ['telemetry/a.ts', "const b: import('../wire/b').B = 1;", 'telemetry/a.ts imports ../wire/b'],
    ['wire/a.ts', "const b = await import('node:fs');", 'wire/a.ts imports node:fs'],
    ['resources/a.ts', "import { OpenAI } from 'openai';", 'resources/a.ts imports more than types from openai'],
    ['transport/a.ts', "import { decide } from '../retry/decide';", 'transport/a.ts imports ../retry/decide'],
    ['attic/a.ts', 'export const b = 1;', "attic/a.ts: the room 'attic' is not in the table"],
    ['wire/a.ts', 'globalThis.setTimeout(b, 1);', 'wire/a.ts uses setTimeout'],
    ['retry/a.ts', 'const b = Math . random();', 'retry/a.ts uses Math.random'],
    ['client.ts', 'const b = process?.env;', 'client.ts uses process.env'],
    ['client.ts', "const b = process['env'];", 'client.ts uses process.env'],
    ['telemetry/a.ts', 'span.recordException(error);', 'telemetry/a.ts uses recordException'],
  ])('%s: %s', (path, text, seen) => {
    expect(see(path, text)).toEqual([seen]);
  });

  test.each([
    ['client.ts', "import { b } from './wire/b';"],
    ['index.ts', "export { b } from './wire/b';"],
    ['resources/a.ts', "import type { OpenAI } from 'openai';"],
    ['transport/a.ts', "import type { Outcome } from '../retry/decide';"],
    ['call/clock.ts', 'setTimeout(b, 1);'],
    ['wire/a.ts', '// setTimeout, process.env and Math.random are words here\nconst b = 1;'],
  ])('and let pass %s: %s', (path, text) => {
    expect(see(path, text)).toEqual([]);
  });
});
