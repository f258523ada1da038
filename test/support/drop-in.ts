import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { describe, test } from 'vitest';
import { CometAPI } from '../../src/index';
import {
  createSimulator,
  type Scenario,
  type Simulator,
  type SimulatorOptions,
  scenario,
} from '../../src/simulator/index';

/** The class that a test receives, with the type of `openai`. */
export type Library = typeof OpenAI;

// The cast is the claim under test: our class works with code for `openai`. docs/compatibility.md lists the exceptions.
export const OURS = CometAPI as unknown as Library;

const LIBRARIES: readonly (readonly [name: string, library: Library])[] = [
  ['openai', OpenAI],
  ['cometapi-otel', OURS],
];

/** A client of one of the two libraries, and the simulator that it is connected to by a real socket. */
export interface Connected extends AsyncDisposable {
  readonly client: OpenAI;
  readonly simulator: Simulator;
}

export async function connect(
  Client: Library,
  upstream: Scenario = scenario.ok(),
  options: ConstructorParameters<Library>[0] = {},
  settings: SimulatorOptions = {},
): Promise<Connected> {
  const simulator = createSimulator({ requestIdHeader: 'x-request-id', ...settings, scenario: upstream });
  const { baseURL } = await simulator.listen();
  const client = new Client({ apiKey: simulator.apiKey, baseURL, logLevel: 'off', ...options });
  return { client, simulator, [Symbol.asyncDispose]: () => simulator.close() };
}

/** Defines tests for the lines of docs/compatibility.md, and collects these lines. */
export interface Comparison {
  readonly tested: { readonly same: readonly string[]; readonly different: readonly string[] };
  /** Tests a line of the first tables: the same code has the same outcome with both libraries. */
  same(line: string, run: (Client: Library) => Promise<void>): void;
  /** Tests a line of the table of differences with this client only. */
  different(line: string, run: (Client: typeof CometAPI) => void | Promise<void>): void;
}

export function compare(): Comparison {
  const tested: { readonly same: string[]; readonly different: string[] } = { same: [], different: [] };
  return {
    tested,
    same(line, run) {
      tested.same.push(line);
      describe(line, () => {
        test.each(LIBRARIES)('%s', (_name, Client) => run(Client));
      });
    },
    different(line, run) {
      tested.different.push(line);
      test(line, () => run(CometAPI));
    },
  };
}

/** The first cells of the tables in docs/compatibility.md, below all headings that match. */
export function linesOfPage(heading: RegExp): string[] {
  const page = readFileSync('docs/compatibility.md', 'utf8');
  return page
    .split(/^## /m)
    .filter((section) => heading.test(section.split('\n', 1)[0] ?? ''))
    .flatMap((section) =>
      [...section.matchAll(/^\| (?!---|behavior|difference)([^|]+?) \|/gm)].map(([, cell = '']) => cell),
    );
}

export async function collect<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const all: Item[] = [];
  for await (const item of items) {
    all.push(item);
  }
  return all;
}

export const CHAT = {
  model: 'simulated-model',
  messages: [{ role: 'user' as const, content: 'Say something short.' }],
};
export const RESPONSES = { model: 'simulated-model', input: 'Say something short.' };
