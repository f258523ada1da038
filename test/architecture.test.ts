import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';
import { describe, expect, test } from 'vitest';

/**
 * The allowed imports of each module: names of modules and packages, with `types:` if only types are allowed. A module
 * is a folder of src/ or a file directly in src/; these files connect the other modules.
 */
const ALLOWED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  facts: [],
  secret: [],
  retry: ['facts'],
  telemetry: ['facts', '@opentelemetry/api', '@opentelemetry/semantic-conventions'],
  records: ['facts'],
  errors: ['facts'],
  config: ['errors', 'facts', 'secret', '@opentelemetry/api'],
  wire: ['facts', 'eventsource-parser'],
  transport: ['errors', 'facts', 'ky', 'types:config', 'types:retry', 'types:wire'],
  'record-file': ['facts', 'records', '@opentelemetry/api'],
  // `call` implements an interface that `resources` declares.
  call: ['config', 'errors', 'facts', 'retry', 'secret', 'transport', 'wire', 'p-retry', 'types:resources'],
  resources: ['config', 'errors', 'facts', 'wire', 'openai'],
  integrations: ['types:config'],
  client: ['*', 'openai'],
  'client-records': ['*'],
  compose: ['*', '@opentelemetry/api'],
  index: ['*', 'openai'],
  node: ['@opentelemetry/api', '@opentelemetry/sdk-node', 'node:'],
  gateway: [
    'client',
    'facts',
    'records',
    '@opentelemetry/api',
    'node:',
    'types:call',
    'types:client-records',
    'types:config',
  ],
  // The commands use the record builders and readers directly, because not all of them are public.
  cli: [
    'client',
    'errors',
    'types:client-records',
    'gateway',
    'node',
    'simulator',
    'facts',
    'records',
    // The source of a process, and the record file.
    'record-file',
    // The doctor runs the checks of the library itself: variables, defaults, context manager.
    'config',
    'telemetry',
    // The structure of a response: only `wire` parses bodies.
    'wire',
    '@opentelemetry/api',
    '@opentelemetry/sdk-node',
    'node:',
    'commander',
  ],
  simulator: ['facts', 'openai', 'node:'],
};

/** Packages that are imported only for their types: the built code must not import them. */
const TYPES_ONLY = ['openai', '@opentelemetry/sdk-node'];

/** Names that only their `home` may use. Modules that run only on Node may use most of them. */
const ONE_PLACE: readonly { readonly name: string; readonly home: readonly string[] }[] = [
  ...['setTimeout', 'setInterval', 'Date.now', 'Math.random', 'performance.now'].map((name) => ({
    name,
    home: ['call/clock.ts', 'node/', 'gateway/', 'cli/', 'simulator/'],
  })),
  { name: 'process.env', home: ['config/environment.ts', 'node/', 'gateway/', 'cli/'] },
  { name: 'recordException', home: [] },
];

/** Entries list the public names. All other files import a name from the file that defines it. */
const ENTRIES = [
  'index.ts',
  'integrations/openai.ts',
  'integrations/ai-sdk.ts',
  'integrations/langchain.ts',
  'node/index.ts',
  'gateway/index.ts',
  'simulator/index.ts',
];

const MAX_FILE_LINES = 400;
const MAX_FOLDER_FILES = 20;
const MAX_MODULE_SHARE = 0.2;
const MAX_CALL_PATH_LINES = 120;
const MAX_FUNCTION_LINES = 60;

/** Functions that are too long today. Remove a function here when it gets shorter; do not add functions. */
const LONG_FUNCTIONS: readonly string[] = [
  'call/run-call.ts runCall',
  'compose.ts compose',
  'gateway/server/gateway-server.ts createGatewayServer',
  'gateway/open-gateway.ts openGateway',
  'records/shared/annotations.ts checkAnnotations',
  'records/incident-packet/incident-annotations.ts checkIncident',
  'records/incident-packet/incident-packet.ts buildIncidentPacket',
  'records/run-card/run-card.ts buildRunCard',
  'record-file/jsonl-file.ts createJsonlFile',
  'telemetry/span-observer.ts createSpanObserver',
  'simulator/drivers/http-connection.ts createHttpConnection',
  'simulator/drivers/memory-connection.ts createMemoryConnection',
  'simulator/simulator.ts createSimulator',
  'wire/stream/read-stream.ts createStreamReader',
];

interface Import {
  readonly target: string;
  readonly typeOnly: boolean;
}

interface FunctionSize {
  readonly name: string;
  readonly lines: number;
}

interface SourceFile {
  /** Relative to src/. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
  /** The identifiers and `object.property` pairs of the code. */
  readonly names: ReadonlySet<string>;
  readonly reExports: number;
  readonly functions: readonly FunctionSize[];
}

function parse(path: string, text: string): SourceFile {
  const imports: Import[] = [];
  const names = new Set<string>();
  const functions: FunctionSize[] = [];
  let reExports = 0;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      functions.push({ name: nameOf(node), lines: linesOf(node) });
    }
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
  return { path, text, imports, names, reExports, functions };
}

/** Returns the name of a function, or of the variable or property that it is assigned to. */
function nameOf(node: ts.SignatureDeclaration): string {
  const { parent } = node;
  const named =
    node.name ?? (ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent) ? parent.name : undefined);
  return named?.getText() ?? (ts.isConstructorDeclaration(node) ? 'constructor' : 'anonymous');
}

/** Counts the lines of a node without the comments before it. */
function linesOf(node: ts.Node): number {
  const source = node.getSourceFile();
  const lineAt = (position: number): number => source.getLineAndCharacterOfPosition(position).line;
  return lineAt(node.getEnd()) - lineAt(node.getStart(source)) + 1;
}

function moduleOf(path: string): string {
  const [first = ''] = path.split('/');
  return first.replace(/\.ts$/, '');
}

/** Returns the module or the package that a file imports. */
function targetOf(file: SourceFile, { target }: Import): string {
  if (target.startsWith('.')) {
    return moduleOf(relative('.', join(dirname(file.path), target)));
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
  const module = moduleOf(file.path);
  const allowed = ALLOWED_IMPORTS[module];
  if (allowed === undefined) {
    return [`${file.path}: the module '${module}' is not in the table`];
  }
  return file.imports.flatMap((line) => {
    const target = targetOf(file, line);
    const isModule = line.target.startsWith('.');
    if (line.typeOnly && allowed.includes(`types:${target}`)) {
      return [];
    }
    if (target === module || allowed.includes(target) || (isModule && allowed.includes('*'))) {
      return TYPES_ONLY.includes(target) && !line.typeOnly && !['node', 'cli'].includes(module)
        ? [`${file.path} imports more than types from ${line.target}`]
        : [];
    }
    return [`${file.path} imports ${line.target}`];
  });
}

/** Returns the files that a file imports, relative to src/. */
function importedFiles(file: SourceFile): readonly string[] {
  return file.imports
    .filter(({ target }) => target.startsWith('.'))
    .map(({ target }) => `${join(dirname(file.path), target)}.ts`.replaceAll('\\', '/'));
}

/** Returns one circle of imports for each file that closes one. */
function circlesIn(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const circles: string[] = [];
  const finished = new Set<string>();
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start !== -1) {
      circles.push([...path.slice(start), file].join(' → '));
    } else if (!finished.has(file)) {
      for (const imported of imports.get(file) ?? []) {
        visit(imported, [...path, file]);
      }
      finished.add(file);
    }
  };
  for (const file of imports.keys()) {
    visit(file, []);
  }
  return circles;
}

function isAt(file: SourceFile, homes: readonly string[]): boolean {
  return homes.some((home) => (home.endsWith('/') ? file.path.startsWith(home) : file.path === home));
}

function longFunctions(file: SourceFile): string[] {
  return file.functions
    .filter(({ name, lines }) => lines > MAX_FUNCTION_LINES && !LONG_FUNCTIONS.includes(`${file.path} ${name}`))
    .map(({ name, lines }) => `${file.path} ${name} has ${lines} lines`);
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

describe('the source files', () => {
  test('import only modules and packages that the table allows', () => {
    expect(files.flatMap(forbiddenImports)).toEqual([]);
  });

  test('import ky in one file only', () => {
    const importers = files.filter((file) => file.imports.some((line) => targetOf(file, line) === 'ky'));
    expect(importers.map(({ path }) => path).filter((path) => path !== 'transport/fetch-send.ts')).toEqual([]);
  });

  test('import commander in the commands only', () => {
    const importers = files.filter((file) =>
      file.imports.some((line) => targetOf(file, line) === 'commander' && !line.typeOnly),
    );
    expect(importers.map(({ path }) => path).filter((path) => !path.startsWith('cli/'))).toEqual([]);
  });

  test('use time, random numbers and the environment in one file each, and never record an exception on a span', () => {
    expect(files.flatMap(misplacedNames)).toEqual([]);
  });

  test('re-export names only in entries', () => {
    const barrels = files.filter((file) => file.reExports > 0 && !ENTRIES.includes(file.path));
    expect(barrels.map(({ path }) => path)).toEqual([]);
  });

  test('have a default export only in the core entry', () => {
    const withDefault = files.filter((file) => /^export default|^export \{[^}]*\bas default\b/m.test(file.text));
    expect(withDefault.map(({ path }) => path).filter((path) => path !== 'index.ts')).toEqual([]);
  });

  test(`have at most ${MAX_FILE_LINES} lines, and at most ${MAX_CALL_PATH_LINES} in call/run-call.ts`, () => {
    const tooLong = files
      .map((file) => ({ path: file.path, lines: file.text.trimEnd().split('\n').length }))
      .filter(({ path, lines }) => lines > (path === 'call/run-call.ts' ? MAX_CALL_PATH_LINES : MAX_FILE_LINES));
    expect(tooLong).toEqual([]);
  });

  test(`have functions of at most ${MAX_FUNCTION_LINES} lines, except the listed ones`, () => {
    expect(files.flatMap(longFunctions)).toEqual([]);
  });

  test('form no circle of imports, not even of types', () => {
    expect(circlesIn(new Map(files.map((file) => [file.path, importedFiles(file)])))).toEqual([]);
  });

  test(`are at most ${MAX_FOLDER_FILES} in a folder, and at most ${MAX_MODULE_SHARE} of all lines in a module`, () => {
    const folders = Map.groupBy(files, ({ path }) => dirname(path));
    const crowded = [...folders].filter(([, inside]) => inside.length > MAX_FOLDER_FILES).map(([folder]) => folder);
    const lines = (some: readonly SourceFile[]): number =>
      some.reduce((sum, { text }) => sum + text.split('\n').length, 0);
    const modules = Map.groupBy(files, ({ path }) => moduleOf(path));
    const large = [...modules].filter(([, inside]) => lines(inside) > lines(files) * MAX_MODULE_SHARE);
    expect({ crowded, large: large.map(([module]) => module) }).toEqual({ crowded: [], large: [] });
  });

  test('have names in kebab-case', () => {
    expect(files.map(({ path }) => path).filter((path) => !/^(?:[a-z0-9-]+\/)*[a-z0-9-]+\.ts$/.test(path))).toEqual([]);
  });

  test('of sealed modules are compiled without platform types', () => {
    const sealed = JSON.parse(readFileSync('tsconfig.sealed.json', 'utf8'));
    expect(sealed.compilerOptions.lib).toEqual(['ES2024']);
    expect(sealed.compilerOptions.types).toEqual([]);
    expect(sealed.include).toEqual(expect.arrayContaining(['src/facts', 'src/retry', 'src/records', 'src/telemetry']));
  });
});

describe('the checks', () => {
  const see = (path: string, text: string): string[] => {
    const file = parse(path, text);
    return [...forbiddenImports(file), ...misplacedNames(file), ...longFunctions(file)];
  };

  test.each([
    ['facts/a.ts', "import { b } from '../wire/b';", 'facts/a.ts imports ../wire/b'],
    ['facts/a.ts', "export { b } from '../wire/b';", 'facts/a.ts imports ../wire/b'],
    ['telemetry/a.ts', "const b: import('../wire/b').B = 1;", 'telemetry/a.ts imports ../wire/b'],
    ['wire/a.ts', "const b = await import('node:fs');", 'wire/a.ts imports node:fs'],
    ['resources/a.ts', "import { OpenAI } from 'openai';", 'resources/a.ts imports more than types from openai'],
    ['transport/a.ts', "import { decide } from '../retry/decide';", 'transport/a.ts imports ../retry/decide'],
    ['attic/a.ts', 'export const b = 1;', "attic/a.ts: the module 'attic' is not in the table"],
    ['wire/a.ts', 'globalThis.setTimeout(b, 1);', 'wire/a.ts uses setTimeout'],
    ['retry/a.ts', 'const b = Math . random();', 'retry/a.ts uses Math.random'],
    ['client.ts', 'const b = process?.env;', 'client.ts uses process.env'],
    ['client.ts', "const b = process['env'];", 'client.ts uses process.env'],
    ['telemetry/a.ts', 'span.recordException(error);', 'telemetry/a.ts uses recordException'],
    ['facts/a.ts', `function b() {${'\n'.repeat(60)}}`, 'facts/a.ts b has 61 lines'],
    ['facts/a.ts', `const b = () => {${'\n'.repeat(60)}};`, 'facts/a.ts b has 61 lines'],
  ])('report %s: %s', (path, text, seen) => {
    expect(see(path, text)).toEqual([seen]);
  });

  test('report a circle of imports', () => {
    const imports = new Map([
      ['a.ts', ['b.ts']],
      ['b.ts', ['c.ts', 'd.ts']],
      ['c.ts', ['a.ts']],
    ]);
    expect(circlesIn(imports)).toEqual(['a.ts → b.ts → c.ts → a.ts']);
  });

  test.each([
    ['client.ts', "import { b } from './wire/b';"],
    ['index.ts', "export { b } from './wire/b';"],
    ['resources/a.ts', "import type { OpenAI } from 'openai';"],
    ['transport/a.ts', "import type { Outcome } from '../retry/decide';"],
    ['call/clock.ts', 'setTimeout(b, 1);'],
    ['wire/a.ts', '// setTimeout, process.env and Math.random in a comment\nconst b = 1;'],
    ['facts/a.ts', `function b() {${'\n'.repeat(59)}}`],
  ])('accept %s: %s', (path, text) => {
    expect(see(path, text)).toEqual([]);
  });
});
