import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';
import { beforeAll, describe, expect, test } from 'vitest';

const FIXTURE = fileURLToPath(import.meta.resolve('./fixtures/written-for-openai.ts'));
const OURS = resolve('src/index.ts');

/** Creates a program in which the import `openai` resolves to the given file. */
function programOf(files: readonly string[], openai?: string): ts.Program {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, resolve('.'), {
    ...(openai !== undefined && { paths: { openai: [openai] } }),
  });
  return ts.createProgram(files, options);
}

function problemsOf(program: ts.Program, file: string): string[] {
  const source = program.getSourceFile(file);
  return ts
    .getPreEmitDiagnostics(program, source)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}

describe('types', () => {
  let program: ts.Program;
  let checker: ts.TypeChecker;
  beforeAll(() => {
    program = programOf([FIXTURE, OURS]);
    checker = program.getTypeChecker();
  }, 120_000);

  /** Returns the names of the types in a namespace of the class, without classes and pages. */
  function typesIn(file: string, className: string, ...path: string[]): string[] {
    const source = program.getSourceFile(file);
    const module = source && checker.getSymbolAtLocation(source);
    let symbol = module && checker.getExportsOfModule(module).find(({ name }) => name === className);
    for (const name of ['', ...path]) {
      const found = name === '' ? symbol : symbol?.exports?.get(ts.escapeLeadingUnderscores(name));
      symbol = found && (found.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(found) : found);
    }
    return [...(symbol?.exports?.values() ?? [])]
      .map((one) => ({
        name: one.name,
        flags: (one.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(one) : one).flags,
      }))
      .filter(({ flags }) => flags & ts.SymbolFlags.Type && !(flags & ts.SymbolFlags.Value))
      .map(({ name }) => name);
  }

  test('code for openai compiles with openai, and with this client instead', () => {
    expect(problemsOf(program, FIXTURE)).toEqual([]);
    expect(problemsOf(programOf([FIXTURE], OURS), FIXTURE)).toEqual([]);
  }, 120_000);

  // Types of methods that this client does not have.
  const absent = /Page$|^(?:MessageListParams|ResponseItemList|InputItem\w+|InputToken\w+)$/;

  test.each([
    [['Chat'], 50],
    [['Chat', 'Completions'], 50],
    [['Responses'], 170],
  ] as const)('OpenAI.%j contains every type that it has in openai', (path, atLeast) => {
    const theirs = typesIn(resolve('node_modules/openai/client.d.mts'), 'OpenAI', ...path);
    const ours = new Set(typesIn(OURS, 'CometAPI', ...path));
    expect(theirs.length).toBeGreaterThan(atLeast - 20);
    expect(theirs.filter((name) => !ours.has(name) && !absent.test(name))).toEqual([]);
  });

  test('the class contains the types of chat and models, and the types that they share', () => {
    const theirs = typesIn(resolve('node_modules/openai/client.d.mts'), 'OpenAI');
    const ours = new Set(typesIn(OURS, 'CometAPI'));
    const missing = theirs.filter(
      (name) =>
        !ours.has(name) &&
        /^(?:Chat|Model|Completion(?:Usage)|Function|Reasoning|ResponseFormat|Metadata|Parsed|RequestOptions)/.test(
          name,
        ),
    );
    expect(missing.filter((name) => !absent.test(name))).toEqual([]);
  });
});
