import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildSync } from 'esbuild';
import { createParser } from 'eventsource-parser';
import { core } from './core.ts';

/** Costs that need no server. */
export interface Costs {
  /** CPU time of an import in a fresh process, in milliseconds. */
  readonly imports: { readonly ky: number; readonly core: number; readonly openai7: number };
  /** Size in bytes, minified and gzipped. */
  readonly bundles: { readonly core: number; readonly openai7: number };
  /** Microseconds for each event. */
  readonly parsers: { readonly bound: number; readonly parser: number };
}

const here = fileURLToPath(new URL('.', import.meta.url));

export function importCosts(rounds: number): Costs['imports'] {
  const cost = (specifier: string): number => {
    const times: number[] = [];
    for (let round = 0; round < rounds; round++) {
      const script = `const before = process.cpuUsage(); await import('${specifier}'); const { user, system } = process.cpuUsage(before); console.log(user + system);`;
      const { stdout } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
        cwd: here,
        encoding: 'utf8',
      });
      times.push(Number(stdout) / 1_000);
    }
    return times.sort((a, b) => a - b)[rounds >> 1] ?? Number.NaN;
  };
  return { ky: cost('ky'), core: cost(core), openai7: cost('openai7') };
}

export function bundleSizes(): Costs['bundles'] {
  const size = (contents: string, external: string[] = []): number => {
    const { outputFiles } = buildSync({
      stdin: { contents, resolveDir: here },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'node',
      write: false,
      external,
    });
    return gzipSync(outputFiles[0]?.contents ?? new Uint8Array()).length;
  };
  return {
    core: size(`export { CometAPI } from '${fileURLToPath(core)}';`, ['@opentelemetry/api']),
    openai7: size("export { default } from 'openai7';"),
  };
}

/** The cost of decoding events, and of `JSON.parse` on their payloads, which is its lower bound. */
export function parserCosts(): Costs['parsers'] {
  const count = 5_000;
  const event = {
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    created: 1,
    model: 'm',
    choices: [{ index: 0, delta: { content: ' word of an answer that goes on' }, logprobs: null, finish_reason: null }],
  };
  const payload = JSON.stringify(event);
  const bytes = new TextEncoder().encode(`data: ${payload}\n\n`.repeat(count));
  const time = (action: () => void): number => {
    const times: number[] = [];
    for (let round = 0; round < 31; round++) {
      const startedAt = performance.now();
      action();
      times.push(performance.now() - startedAt);
    }
    return ((times.sort((a, b) => a - b)[15] ?? 0) * 1_000) / count;
  };
  const bound = time(() => {
    for (let index = 0; index < count; index++) {
      JSON.parse(payload);
    }
  });
  const parser = time(() => {
    const text = new TextDecoder();
    const decoder = createParser({ onEvent: ({ data }) => void JSON.parse(data) });
    for (let at = 0; at < bytes.length; at += 65_536) {
      decoder.feed(text.decode(bytes.subarray(at, at + 65_536), { stream: true }));
    }
  });
  return { bound, parser };
}
