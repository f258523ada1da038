import { copyFileSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeExampleRecords } from './example-records.ts';

/** Runs one command line of `cometapi-otel` and resolves to its stdout. */
export type RunExample = (words: readonly string[], environment: Readonly<Record<string, string>>) => Promise<string>;

interface Example {
  /** The arguments; `~` is the folder of the example's files. */
  readonly words: readonly string[];
  /** For each file in docs/examples, its source: a file that the command wrote, or stdout. */
  readonly makes: Readonly<Record<string, string | 'stdout'>>;
}

const DOCS = ['--docs', 'https://apidoc.cometapi.com/api/text/chat@2026-11-20'];
const FROM = ['--from', '~/records.jsonl'];
const INCIDENT = [
  ...['--incident-id', 'INC-7', '--workflow', 'nightly-summary', '--environment', 'ci'],
  ...['--symptom', 'Summaries are empty since 10:05 UTC.'],
  ...['--question', 'Is a 503 expected for one request a minute to the documented chat interface?'],
  ...['--guess', 'The retries were too close to each other.'],
];
const SMOKE_RUN = 'publisher-smoke-20261121-1000';

/** The commands that create the examples, all from the same calls to the simulator. */
const EXAMPLES: readonly Example[] = [
  {
    words: ['evidence', 'trace', ...FROM, '--run', 'nightly-42', ...DOCS, '--note', 'nightly summary, five calls'],
    makes: { 'usage-trace.yaml': 'stdout' },
  },
  {
    words: ['evidence', 'retry', ...FROM, '--last-failure', ...DOCS, '--command', 'nightly-summary'],
    makes: { 'retry-evidence.yaml': 'stdout' },
  },
  {
    words: ['evidence', 'timeline', ...FROM, '--run', 'nightly-42', '--format', 'markdown', '--incident-id', 'INC-7'],
    makes: { 'incident-timeline.md': 'stdout' },
  },
  {
    words: ['packet', ...FROM, '--last-failure', ...INCIDENT, ...DOCS, '-o', '~/incident-packet'],
    makes: Object.fromEntries(
      ['md', 'yaml', 'json'].map((ending) => [`incident-packet.${ending}`, `incident-packet.${ending}`]),
    ),
  },
  {
    words: ['smoke', '--simulate', '--run-id', SMOKE_RUN, ...DOCS, '--note', 'before the release', '-o', '~'],
    makes: Object.fromEntries(
      ['usage-trace', 'retry-evidence', 'run-card'].map((kind) => [`smoke.${kind}.yaml`, `${SMOKE_RUN}.${kind}.yaml`]),
    ),
  },
  {
    words: ['contract', 'check', '--simulate', '--ledger', '~/contract-ledger.json'],
    makes: { 'contract-ledger.json': 'contract-ledger.json', 'contract-ledger.md': 'contract-ledger.md' },
  },
  {
    words: ['contract', 'diff', '--offline', '--ledger', '~/contract-ledger.json', ...FROM],
    makes: { 'contract-diff.md': 'stdout' },
  },
];

/** The one input file that is written by hand. */
const ANNOTATIONS = 'contract-ledger.declared.json';

/**
 * Creates every example with its command.
 *
 * @param documented the folder docs/examples, which contains the file that is written by hand
 * @param folder an empty folder
 * @returns the text of each example by file name
 */
export async function makeExamples(
  documented: string,
  folder: string,
  run: RunExample,
): Promise<ReadonlyMap<string, string>> {
  const made = new Map<string, string>();
  const key = await writeExampleRecords(join(folder, 'records.jsonl'));
  copyFileSync(join(documented, ANNOTATIONS), join(folder, ANNOTATIONS));
  for (const { words, makes } of EXAMPLES) {
    const stdout = await run(
      words.map((word) => word.replace(/^~/, folder)),
      { COMETAPI_API_KEY: key },
    );
    for (const [name, from] of Object.entries(makes)) {
      made.set(name, from === 'stdout' ? stdout : readFileSync(join(folder, from), 'utf8'));
    }
  }
  return made;
}
