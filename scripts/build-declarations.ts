import { type Plugin, type RollupBuild, rollup } from 'rollup';
import { dts } from 'rollup-plugin-dts';
import ts from 'typescript';

/**
 * Writes the declarations of every entry, `.d.ts` and `.d.cts`. They include the types of `openai`, so users need not
 * install it.
 *
 * tsup's own bundling leaves relative imports of missing files without an error. So this step also compiles its output
 * without skipLibCheck, and fails on the first diagnostic.
 */

/** The imports that published declarations may contain. Any other package may be missing on a user's machine. */
const ALLOWED_IMPORT = /^(?:@opentelemetry\/api$|@opentelemetry\/sdk-node$|node:|\.\/)/;

/**
 * One copy of the `openai` types for both formats, because they are most of the package. It is CommonJS: an ES module
 * may import types from CommonJS, but not the other way round. It has no JavaScript file, because it contains only
 * types.
 */
const OPENAI_TYPES = 'openai-types.d.cts';

/** Packages that users install, and modules of Node. */
const EXTERNAL = /^(?:@opentelemetry\/|node:)/;

interface BuildOptions {
  readonly entries: Readonly<Record<string, string>>;
  readonly outDir: string;
}

interface DeclarationFile {
  readonly name: string;
  readonly text: string;
}

export async function buildDeclarations({ entries, outDir }: BuildOptions): Promise<void> {
  const bundle = await bundleDeclarations(entries, ['openai']);
  const written: string[] = [];
  for (const { name, text } of [...(await emit(bundle, 'd.ts')), ...(await emit(bundle, 'd.cts'))]) {
    const file = `${outDir}/${name}`;
    refuseForeignImports(file, text);
    ts.sys.writeFile(file, text);
    written.push(file);
  }
  await bundle.close();
  compile(written);
}

/** Returns the declarations without the types of `openai`, which stay imports. */
export async function ownDeclarations(entries: BuildOptions['entries']): Promise<readonly DeclarationFile[]> {
  const bundle = await bundleDeclarations(entries, []);
  const files = await emit(bundle, 'd.ts');
  await bundle.close();
  return files;
}

function bundleDeclarations(entries: BuildOptions['entries'], inlined: readonly string[]): Promise<RollupBuild> {
  return rollup({
    input: { ...entries },
    external: (id) => EXTERNAL.test(id) || (id.startsWith('openai') && !inlined.includes('openai')),
    // Types have no side effects, so rollup drops every type that no entry uses, which includes most of `openai`.
    treeshake: { moduleSideEffects: false },
    plugins: [
      leaveOutside(),
      dts({
        tsconfig: 'tsconfig.json',
        includeExternal: [...inlined],
        compilerOptions: { paths: {}, stripInternal: true },
      }),
    ],
    onLog(level, log) {
      if (log.message.includes('no public re-export')) {
        // Users cannot name these types in emitted declarations (TS2742). There are hundreds, most of them of openai.
        // The TypeScript projects in test/consumers emit declarations, so they fail if a needed name is missing.
        const [, entry, names = ''] = /Entry "(.+?)".*?re-export: (.+?)\. /.exec(log.message) ?? [];
        console.warn(`declarations: ${names.split(', ').length} types of ${entry} have no public name`);
      } else if (level === 'warn' && log.code !== 'EMPTY_BUNDLE') {
        throw new Error(`declarations: ${log.message}`);
      }
    },
  });
}

async function emit(bundle: RollupBuild, extension: 'd.ts' | 'd.cts'): Promise<DeclarationFile[]> {
  const { output } = await bundle.generate({
    format: 'es',
    entryFileNames: `[name].${extension}`,
    minifyInternalExports: false,
    manualChunks: (id) => (id.includes('/node_modules/openai/') ? 'openai' : undefined),
    chunkFileNames: ({ name }) => (name === 'openai' ? OPENAI_TYPES : `[name]-[hash].${extension}`),
  });
  return output
    .filter((chunk) => chunk.type === 'chunk')
    .map((chunk) => ({
      name: chunk.fileName,
      text: showPlainTypes(showUnions(untieAliases(chunk.code))).replaceAll(
        /(from ['"]\.\/[^'"]+)\.d\.(c?)ts(['"])/g,
        '$1.$2js$3',
      ),
    }));
}

/** Keeps paths external that `openai` only probes for. */
function leaveOutside(): Plugin {
  return {
    name: 'leave-outside',
    resolveId(source) {
      const probed = source.startsWith('..') && source.includes('/node_modules/');
      return probed || source === 'stream/web' ? { id: source, external: true, moduleSideEffects: false } : null;
    },
  };
}

/**
 * Fixes circular aliases. `openai` writes `type Name = Self.Name` in a namespace, where `Self` is its own module. The
 * bundle turns this into `type Name = Name`. A second name for the outer type resolves the circle.
 */
function untieAliases(text: string): string {
  const outer = new Set<string>();
  const untied = text.replaceAll(/^(\s+(?:export )?type )(\w+)( = )\2;$/gm, (_line, start, name, equals) => {
    outer.add(name);
    return `${start}${name}${equals}Outer${name};`;
  });
  return [untied, ...[...outer].map((name) => `type Outer${name} = ${name};`), ''].join('\n');
}

/** The files whose types are derived from constant tables. */
const TABLES = ['src/facts/enums.ts', 'src/facts/endpoints.ts'];

interface Tables {
  /** The constants, which the declarations need not contain. */
  readonly constants: ReadonlySet<string>;
  /** The literal unions that the tables define, by the name of their type. */
  readonly unions: ReadonlyMap<string, string>;
}

let tables: Tables | undefined;

function readTables(): Tables {
  if (tables !== undefined) {
    return tables;
  }
  const program = ts.createProgram(TABLES, { strict: true, noEmit: true });
  const checker = program.getTypeChecker();
  const constants = new Map<string, ts.Expression | undefined>();
  const unions = new Map<string, string>();
  for (const statement of TABLES.flatMap((file) => program.getSourceFile(file)?.statements ?? [])) {
    if (ts.isVariableStatement(statement)) {
      for (const { name, initializer } of statement.declarationList.declarations) {
        constants.set(name.getText(), initializer);
      }
    } else if (ts.isTypeAliasDeclaration(statement) && /\btypeof\b|\bKnownRoute\b/.test(statement.type.getText())) {
      const [, list = ''] = /^\(typeof (\w+)\)\[number\]$/.exec(statement.type.getText()) ?? [];
      unions.set(statement.name.text, unionOf(checker, statement, constants.get(list)));
    }
  }
  tables = { constants: new Set(constants.keys()), unions };
  return tables;
}

/** Returns the members in the order of the list, if there is one. The checker's own order depends on other files. */
function unionOf(checker: ts.TypeChecker, alias: ts.TypeAliasDeclaration, list: ts.Expression | undefined): string {
  const array = list !== undefined && ts.isAsExpression(list) ? list.expression : undefined;
  if (array !== undefined && ts.isArrayLiteralExpression(array)) {
    return array.elements.map((element) => element.getText().replaceAll("'", '"')).join(' | ');
  }
  const type = checker.getTypeAtLocation(alias);
  return (type.isUnion() ? type.types : [type]).map((member) => checker.typeToString(member)).join(' | ');
}

/** Replaces `(typeof TABLE)[number]` by the union that it stands for, and removes the tables. */
function showUnions(text: string): string {
  const { constants, unions } = readTables();
  const source = ts.createSourceFile('chunk.d.ts', text, ts.ScriptTarget.Latest, true);
  let shown = '';
  let at = 0;
  for (const statement of source.statements) {
    if (ts.isTypeAliasDeclaration(statement) && unions.has(statement.name.text)) {
      shown += `${text.slice(at, statement.type.getStart())}${unions.get(statement.name.text)};`;
      at = statement.end;
    } else if (
      ts.isVariableStatement(statement) &&
      statement.declarationList.declarations.every(({ name }) => constants.has(name.getText()))
    ) {
      shown += text.slice(at, statement.getFullStart());
      at = statement.end;
    }
  }
  return shown + text.slice(at);
}

/** Types with a rule for record schemas. Readers of declarations need the plain type only. */
const VALUE_TYPES = 'src/facts/value-types.ts';

let plainTypes: ReadonlyMap<string, string> | undefined;

function readPlainTypes(): ReadonlyMap<string, string> {
  plainTypes ??= new Map(
    ts
      .createSourceFile(VALUE_TYPES, ts.sys.readFile(VALUE_TYPES) ?? '', ts.ScriptTarget.Latest, true)
      .statements.filter(ts.isTypeAliasDeclaration)
      .map(({ name, type }) => [name.text, type.getText()]),
  );
  return plainTypes;
}

/** Replaces each type of `VALUE_TYPES` by the type that it stands for, and removes it from imports and exports. */
function showPlainTypes(text: string): string {
  const plain = readPlainTypes();
  const source = ts.createSourceFile('chunk.d.ts', text, ts.ScriptTarget.Latest, true);
  let shown = '';
  let at = 0;
  const replace = (start: number, end: number, by: string): void => {
    shown += text.slice(at, start) + by;
    at = end;
  };
  const visit = (node: ts.Node): void => {
    if (ts.isTypeAliasDeclaration(node) && plain.has(node.name.text)) {
      replace(node.getFullStart(), node.end, '');
    } else if (ts.isNamedImports(node) || ts.isNamedExports(node)) {
      const kept = node.elements.filter(({ name }) => !plain.has(name.text));
      if (kept.length < node.elements.length) {
        replace(node.getStart(), node.end, `{ ${kept.map((element) => element.getText()).join(', ')} }`);
      }
    } else if (ts.isTypeReferenceNode(node) && plain.has(node.typeName.getText())) {
      replace(node.getStart(), node.end, plain.get(node.typeName.getText()) ?? '');
    } else {
      ts.forEachChild(node, visit);
    }
  };
  visit(source);
  return shown + text.slice(at);
}

function refuseForeignImports(file: string, text: string): void {
  const { importedFiles, typeReferenceDirectives } = ts.preProcessFile(text, true, true);
  const foreign = [...importedFiles, ...typeReferenceDirectives].filter(
    ({ fileName }) => !ALLOWED_IMPORT.test(fileName),
  );
  if (foreign.length > 0) {
    throw new Error(`${file} imports ${foreign.map(({ fileName }) => fileName).join(', ')}`);
  }
}

function compile(files: readonly string[]): void {
  const program = ts.createProgram(files, {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts', 'lib.dom.asynciterable.d.ts'],
    types: ['node'],
    strict: true,
    skipLibCheck: false,
    noEmit: true,
  });
  const ours = ts
    .getPreEmitDiagnostics(program)
    .filter(({ file }) => file === undefined || files.includes(file.fileName));
  if (ours.length > 0) {
    throw new Error(
      ts.formatDiagnostics(ours, {
        getCanonicalFileName: (name) => name,
        getCurrentDirectory: () => '',
        getNewLine: () => '\n',
      }),
    );
  }
}
