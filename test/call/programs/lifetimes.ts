import { writeSync } from 'node:fs';
import { CometAPI } from '../../../src/index';

const [scenario = '', origin = '', transport = 'auto'] = process.argv.slice(2);
const CHAT = { model: 'gpt-test', messages: [] };

/** Writes synchronously, so that no line is lost if the process exits in the same turn. */
const say = (line: string): void => void writeSync(1, `${line}\n`);

let closed = 0;
const client = new CometAPI({
  apiKey: 'synthetic-key-value',
  baseURL: `${origin}/v1`,
  transport: transport === 'fetch' ? 'fetch' : 'auto',
  backoffBaseMs: 0,
  maxConnections: scenario === 'queue' ? 1 : 64,
  ...(scenario === 'queue' && { unreadTimeoutMs: 500 }),
  observers: [
    {
      callClosed(facts) {
        closed++;
        say(`${facts.ending} ${facts.endingReason} in ${facts.phase}`);
      },
    },
  ],
});

const post = (stream: boolean): Promise<Response> =>
  client.fetch(`${origin}/v1/chat/completions`, { method: 'POST', body: JSON.stringify({ ...CHAT, stream }) });
const open = () => client.chat.completions.create({ ...CHAT, stream: true });
const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Each function opens a response and drops every reference to it. */
const GARBAGE: Readonly<Record<string, () => Promise<void>>> = {
  async stream() {
    await open();
  },
  async iterator() {
    await (await open())[Symbol.asyncIterator]().next();
  },
  async response() {
    await post(true);
  },
  async 'JSON response'() {
    await post(false);
  },
  async reader() {
    await (await post(true)).body?.getReader().read();
  },
};

/** Runs the garbage collector until one more call has ended. */
async function collect(): Promise<void> {
  const before = closed;
  for (let rounds = 0; rounds < 500 && closed === before; rounds++) {
    globalThis.gc?.();
    await nextTurn();
  }
}

const SCENARIOS: Readonly<Record<string, () => Promise<void>>> = {
  async garbage() {
    for (const [name, leave] of Object.entries(GARBAGE)) {
      say(name);
      await leave();
      await collect();
    }
    process.exit();
  },
  async exit() {
    // One call is in its stream, one waits for headers, and one waits before a retry.
    const stream = await open();
    await stream[Symbol.asyncIterator]().next();
    const pending = [open(), open()];
    for (const call of pending) {
      call.catch(() => undefined);
    }
    while ((await (await fetch(`${origin}/count`)).text()) !== '3') {
      await nextTurn();
    }
    // The last response may arrive after its request was counted.
    await (await fetch(`${origin}/count`)).text();
    process.exit();
  },
  async 'unread stream'() {
    await open();
  },
  async 'unread response'() {
    await post(true);
  },
  async 'unread JSON'() {
    await post(false);
  },
  async wait() {
    await client.chat.completions.create(CHAT);
    say('answered');
  },
  async queue() {
    const unread = await post(true);
    await client.chat.completions.create(CHAT);
    say(`answered, ${unread.status}`);
  },
  async 'header limit'() {
    const silent = new CometAPI({
      apiKey: 'synthetic-key-value',
      baseURL: `${origin}/v1`,
      fetch: () => new Promise(() => undefined),
      timeout: 200,
      maxRetries: 1,
    });
    await silent.chat.completions
      .create(CHAT)
      .catch((error: unknown) => say(String(error instanceof Error && error.name)));
  },
  async resources() {
    await client.chat.completions.create(CHAT);
    for await (const _chunk of await open()) {
      break;
    }
    for await (const _chunk of await open()) {
      // Reads to the end.
    }
    const controller = new AbortController();
    const aborted = client.chat.completions.create(CHAT, { signal: controller.signal }).catch(() => undefined);
    await nextTurn();
    controller.abort();
    await aborted;
    await (await post(false)).text();
    // The connection becomes idle one turn of the event loop after the response ends.
    for (let turn = 0; turn < 5; turn++) {
      await nextTurn();
    }
    const left = process.getActiveResourcesInfo().filter((name) => /Timeout|TCP|Immediate/.test(name));
    say(left.length === 0 ? 'nothing left' : left.join(', '));
  },
  async 'shared signal'() {
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 50 }, () => client.chat.completions.create(CHAT, { signal })));
    say('all');
  },
};

await SCENARIOS[scenario]?.();
