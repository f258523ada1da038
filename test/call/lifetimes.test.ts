import { spawn } from 'node:child_process';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type BundledProgram, bundleProgram } from '../support/bundle-program';
import { FaultServer, type Step } from '../support/fault-server';
import { CHAT_ANSWER, delta, events, FINISH, openEvents, silence, whole } from '../support/wire-bytes';

let program: BundledProgram;

beforeAll(async () => {
  program = await bundleProgram('test/call/programs/lifetimes.ts');
});
afterAll(() => program.remove());

interface Ended {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly warnings: string;
}

/** Runs one scenario in a separate process, which is killed before the test times out. */
async function run(scenario: string, steps: readonly Step[], transport = 'auto'): Promise<Ended> {
  const server = await FaultServer.start({ steps });
  const child = spawn(process.execPath, ['--expose-gc', program.file, scenario, server.origin, transport], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: 50_000,
  });
  let output = '';
  let warnings = '';
  child.stdout.on('data', (data) => {
    output += data;
  });
  child.stderr.on('data', (data) => {
    warnings += data;
  });
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
  await server.close();
  return { code, lines: output.trimEnd().split('\n'), warnings };
}

const OPEN = openEvents(delta('a'));
const WHOLE = events(delta('a'), FINISH);
test.concurrent.each(['auto', 'fetch'])(
  'a call ends as abandoned when its response is garbage-collected, over %s',
  async (transport) => {
    const step: Step = (exchange) =>
      (exchange.request.body.includes('"stream":true') ? OPEN : whole(CHAT_ANSWER))(exchange);
    const { lines, code } = await run('garbage', [step], transport);
    const inStream = 'abandoned garbage_collected in stream';
    expect({ lines, code }).toEqual({
      lines: [
        ...['stream', inStream, 'iterator', inStream, 'response', inStream],
        ...['JSON response', 'abandoned garbage_collected in body', 'reader', inStream],
      ],
      code: 0,
    });
  },
);

test.concurrent('calls that are open when the process exits are recorded once each', async ({ expect }) => {
  const answers: readonly Step[] = [OPEN, silence, whole('{}', { status: 503, headers: { 'retry-after': '50' } })];
  let posts = 0;
  // The program polls this count to know when all requests have arrived.
  const step: Step = (exchange) =>
    exchange.request.method === 'GET' ? whole(String(posts))(exchange) : answers[posts++]?.(exchange);
  const { lines, code } = await run('exit', [step]);
  expect({ lines: [...lines].sort(), code }).toEqual({
    lines: ['abandoned process_exit in headers', 'abandoned process_exit in stream', 'abandoned process_exit in wait'],
    code: 0,
  });
});

test.concurrent.each([
  ['unread stream', WHOLE, 'stream'],
  ['unread response', WHOLE, 'stream'],
  ['unread JSON', whole(CHAT_ANSWER), 'body'],
] as const)('an unread response does not keep the process alive: %s', async (name, step, phase) => {
  const { lines, code } = await run(name, [step]);
  expect({ lines, code }).toEqual({ lines: [`abandoned process_exit in ${phase}`], code: 0 });
});

test.concurrent('the wait before a retry keeps the process alive', async ({ expect }) => {
  const { lines, code } = await run('wait', [
    whole('{}', { status: 503, headers: { connection: 'close', 'retry-after': '1' } }),
    whole(CHAT_ANSWER),
  ]);
  expect({ lines, code }).toEqual({ lines: ['completed body_complete in body', 'answered'], code: 0 });
});

test.concurrent('the wait for a connection slot keeps the process alive', async ({ expect }) => {
  const { lines, code } = await run('queue', [WHOLE, whole(CHAT_ANSWER)]);
  expect({ lines, code }).toEqual({
    lines: ['abandoned never_read in stream', 'completed body_complete in body', 'answered, 200'],
    code: 0,
  });
});

test.concurrent('the header timeout keeps the process alive', async ({ expect }) => {
  const { lines, code } = await run('header limit', []);
  expect({ lines, code }).toEqual({ lines: ['APIConnectionTimeoutError'], code: 0 });
});

test.concurrent('50 calls that share one signal cause no warning about listeners', async ({ expect }) => {
  const { lines, code, warnings } = await run('shared signal', [whole(CHAT_ANSWER)]);
  expect({ ended: lines.length, last: lines.at(-1), code, warnings }).toEqual({
    ended: 51,
    last: 'all',
    code: 0,
    warnings: '',
  });
});

test.concurrent.each(['auto', 'fetch'])('finished calls do not keep the process alive, over %s', async (transport) => {
  const step: Step = (exchange) =>
    (exchange.request.body.includes('"stream":true') ? WHOLE : whole(CHAT_ANSWER))(exchange);
  const { lines, code } = await run('resources', [step], transport);
  expect({ endings: lines.length - 1, last: lines.at(-1), code }).toEqual({
    endings: 5,
    last: 'nothing left',
    code: 0,
  });
});
