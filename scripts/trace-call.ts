import { mkdtempSync, rmSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

/**
 * `npm run trace:call`: counts the source files that one call enters, and how often execution changes from one file to
 * another. It loads the sources with a hook that reports each function entry, and sends a second, warm call to the
 * simulator on a real socket.
 *
 * `--files` lists the files in the order of their first entry. `--case=json|json-all|stream|stream-all` selects one case.
 */

const SOURCES = new URL('../src/', import.meta.url).href;
const SIMULATOR = /^simulator\//;

/** Entries of the traced call, as names of files below src/; `undefined` while no call is traced. */
let entered: string[] | undefined;

Object.assign(globalThis, {
  __PACKAGE_NAME__: 'cometapi-otel',
  __PACKAGE_VERSION__: '0.0.0',
  __enterFile: (file: string) => entered?.push(file),
});

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier === 'cometapi-otel' && context.parentURL?.startsWith(SOURCES)) {
      return nextResolve(`${SOURCES}index.ts`, context);
    }
    const isOurs = /^\.{1,2}\//.test(specifier) && !/\.\w+$/.test(specifier);
    return nextResolve(isOurs && context.parentURL?.startsWith(SOURCES) ? `${specifier}.ts` : specifier, context);
  },
  load(url, context, nextLoad) {
    if (!url.startsWith(SOURCES)) {
      return nextLoad(url, context);
    }
    const file = url.slice(SOURCES.length);
    const source = ts.sys.readFile(fileURLToPath(url)) ?? '';
    return {
      format: 'module',
      shortCircuit: true,
      source: SIMULATOR.test(file) ? strip(source) : instrument(file, source),
    };
  },
});

function strip(source: string): string {
  const compilerOptions = { target: ts.ScriptTarget.ESNext, module: ts.ModuleKind.ESNext, verbatimModuleSyntax: true };
  return ts.transpileModule(source, { compilerOptions }).outputText;
}

/** Puts a report of the file at the start of each function body. */
function instrument(file: string, source: string): string {
  const positions: number[] = [];
  const wrapped: { readonly start: number; readonly end: number }[] = [];
  const tree = ts.createSourceFile(file, source, ts.ScriptTarget.ESNext, true);
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && 'body' in node && node.body !== undefined) {
      const body = node.body as ts.Node;
      if (ts.isBlock(body)) {
        // A constructor of a subclass reports after `super()`, which comes first.
        const first = body.statements[0];
        const isSuper = first?.getText().startsWith('super(') === true;
        positions.push(isSuper && first !== undefined ? first.getEnd() : body.getStart() + 1);
      } else {
        wrapped.push({ start: body.getStart(), end: body.getEnd() });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  const report = `globalThis.__enterFile(${JSON.stringify(file)})`;
  const inserts = [
    ...positions.map((at) => ({ at, text: `;${report};`, order: 1 })),
    ...wrapped.flatMap(({ start, end }) => [
      { at: start, text: `(${report},`, order: 1 },
      { at: end, text: ')', order: 0 },
    ]),
  ].sort((a, b) => b.at - a.at || b.order - a.order);
  let text = source;
  for (const { at, text: insert } of inserts) {
    text = text.slice(0, at) + insert + text.slice(at);
  }
  return strip(text);
}

const { CometAPI } = await import(`${SOURCES}index.ts`);
const { createSimulator } = await import(`${SOURCES}simulator/index.ts`);

interface Case {
  readonly name: string;
  readonly isStream: boolean;
  readonly hasEverything: boolean;
}

const CASES: readonly Case[] = [
  { name: 'json', isStream: false, hasEverything: false },
  { name: 'json-all', isStream: false, hasEverything: true },
  { name: 'stream', isStream: true, hasEverything: false },
  { name: 'stream-all', isStream: true, hasEverything: true },
];

async function startSdk(): Promise<() => Promise<void>> {
  const { context, metrics, trace } = await import('@opentelemetry/api');
  const { AsyncLocalStorageContextManager } = await import('@opentelemetry/context-async-hooks');
  const { MeterProvider } = await import('@opentelemetry/sdk-metrics');
  const { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } = await import('@opentelemetry/sdk-trace');
  const manager = new AsyncLocalStorageContextManager().enable();
  context.setGlobalContextManager(manager);
  const processor = new SimpleSpanProcessor({ exporter: new InMemorySpanExporter() });
  const tracerProvider = new TracerProvider({ spanProcessors: [processor] });
  trace.setGlobalTracerProvider(tracerProvider);
  metrics.setGlobalMeterProvider(new MeterProvider());
  return async () => {
    await tracerProvider.shutdown();
    for (const api of [context, metrics, trace]) {
      api.disable();
    }
  };
}

async function traceCase({ isStream, hasEverything }: Case): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'trace-call-'));
  const stopSdk = hasEverything ? await startSdk() : async (): Promise<void> => {};
  const simulator = createSimulator();
  const { baseURL } = await simulator.listen();
  const client = new CometAPI({
    apiKey: simulator.apiKey,
    baseURL,
    logLevel: 'off',
    ...(hasEverything && { recordFile: join(folder, 'records.jsonl') }),
  });
  const call = async (): Promise<void> => {
    const body = { model: 'gpt-5.1', messages: [{ role: 'user', content: 'Say hello.' }], stream: isStream };
    const result = await client.chat.completions.create(body);
    if (isStream) {
      for await (const _ of result) {
        // Each event is read.
      }
    }
  };
  await call();
  entered = [];
  await call();
  const trace = entered;
  entered = undefined;
  await simulator.close();
  await stopSdk();
  rmSync(folder, { recursive: true });
  return trace;
}

const chosen = process.argv.find((word) => word.startsWith('--case='))?.slice('--case='.length);
for (const testCase of CASES.filter(({ name }) => chosen === undefined || name === chosen)) {
  const trace = await traceCase(testCase);
  const files = [...new Set(trace)];
  const changes = trace.filter((file, index) => index > 0 && file !== trace[index - 1]).length;
  console.log(`${testCase.name.padEnd(12)} ${files.length} files, ${changes} changes of file, ${trace.length} entries`);
  if (process.argv.includes('--files')) {
    console.log(files.map((file) => `  ${file}`).join('\n'));
  }
}
