import { expect, test } from 'vitest';
import { CountingClock, probe } from '../support/call-probe';
import { FaultServer, type Step } from '../support/fault-server';
import { checkOrder, ending, only, type Way } from '../support/fault-story';
import { ManualClock } from '../support/manual-clock';
import { settlesInThisTurn } from '../support/turns';
import {
  both,
  CHAT_ANSWER,
  chunk,
  DONE,
  delta,
  FINISH,
  head,
  LAST_CHUNK,
  openEvents,
  whole,
} from '../support/wire-bytes';

const CHAT = { model: 'gpt-test', messages: [] };
type Subject = ReturnType<typeof probe<CountingClock>>;

/**
 * Opens a stream that the server never ends, leaves it in one way, and returns how the call ended. Waits until the
 * server sees the closed connection.
 */
async function leave(
  transport: Way['transport'],
  how: (subject: Subject) => Promise<void>,
  step: Step = openEvents(delta('a'), delta('b')),
  options: Parameters<typeof probe>[1] = {},
): Promise<{ readonly ending: string; readonly isPrompt: boolean }> {
  let closed: Promise<void> | undefined;
  const server = await FaultServer.start({
    steps: [
      (exchange) => {
        closed = exchange.closed;
        return step(exchange);
      },
      whole(CHAT_ANSWER),
    ],
  });
  const subject = probe(new CountingClock(), { origin: server.origin, transport, maxConnections: 1, ...options });
  const { promise: recorded, resolve } = Promise.withResolvers<void>();
  subject.log.onCallClosed = () => resolve();
  await how(subject);
  const isPrompt = await settlesInThisTurn(recorded);
  await recorded;
  await closed;
  const first = only(subject.log.calls);
  checkOrder(subject.log);
  // Succeeds only if the single connection slot is free.
  await subject.client.chat.completions.create(CHAT);
  await subject.clock.whenNone();
  await server.close();
  return { ending: ending(first), isPrompt };
}

const open = ({ client }: Subject) => client.chat.completions.create({ ...CHAT, stream: true });
const openFetch = ({ client }: Subject, stream = true) =>
  client.fetch(`${client.baseURL}/chat/completions`, { method: 'POST', body: JSON.stringify({ ...CHAT, stream }) });

const CANCELLED = 'cancelled consumer_cancel cancelled 200 in stream';

const LEFT: Readonly<Record<string, readonly [(subject: Subject) => Promise<void>, string]>> = {
  break: [
    async (subject) => {
      for await (const _chunk of await open(subject)) {
        break;
      }
    },
    CANCELLED,
  ],
  'an error in the for-await loop': [
    async (subject) => {
      const failing = async (): Promise<void> => {
        for await (const _chunk of await open(subject)) {
          throw new Error('mine');
        }
      };
      await expect(failing()).rejects.toThrow('mine');
    },
    CANCELLED,
  ],
  'stream.controller.abort()': [
    async (subject) => {
      const stream = await open(subject);
      let count = 0;
      for await (const _chunk of stream) {
        if (++count === 2) {
          stream.controller.abort();
        }
      }
      expect(count).toBe(2);
    },
    CANCELLED,
  ],
  'stream.controller.abort() before the first read': [
    async (subject) => (await open(subject)).controller.abort(),
    CANCELLED,
  ],
  'cancelling toReadableStream()': [
    async (subject) => {
      const reader = (await open(subject)).toReadableStream().getReader();
      await reader.read();
      await reader.cancel();
    },
    CANCELLED,
  ],
  'leaving both streams of tee()': [
    async (subject) => {
      const [left, right] = (await open(subject)).tee();
      for await (const _chunk of left) {
        break;
      }
      for await (const _chunk of right) {
        break;
      }
    },
    CANCELLED,
  ],
  'cancelling the body of a response': [async (subject) => (await openFetch(subject)).body?.cancel(), CANCELLED],
  'cancelling the reader of a response': [
    async (subject) => {
      const reader = (await openFetch(subject)).body?.getReader();
      await reader?.read();
      await reader?.cancel();
    },
    CANCELLED,
  ],
};

for (const [name, [how, expected]] of Object.entries(LEFT)) {
  test(`${name} ends the call at once and closes the connection`, async () => {
    for (const transport of ['auto', 'fetch'] as const) {
      const left = await leave(transport, how);
      expect({ transport, ...left }).toEqual({ transport, ending: expected, isPrompt: true });
    }
  });
}

test('a break after the last event completes the call', async () => {
  for (const transport of ['auto', 'fetch'] as const) {
    const { ending: end } = await leave(
      transport,
      async (subject) => {
        for await (const chunk of await open(subject)) {
          if (chunk.choices[0]?.finish_reason === 'stop') {
            break;
          }
        }
      },
      openEvents(delta('a') + FINISH + DONE),
    );
    expect(end).toBe('completed terminal_event 200 in stream');
  }
});

test('a break before the last event cancels the call', async () => {
  const { ending: end } = await leave(
    'auto',
    async (subject) => {
      for await (const _chunk of await open(subject)) {
        break;
      }
    },
    openEvents(delta('a')),
  );
  expect(end).toBe(CANCELLED);
});

const NEVER_READ: Readonly<Record<string, readonly [(subject: Subject) => Promise<unknown>, Step, string]>> = {
  'a stream that is never iterated': [open, openEvents(delta('a')), 'abandoned never_read cancelled 200 in stream'],
  'a streamed response that is never read': [
    openFetch,
    openEvents(delta('a')),
    'abandoned never_read cancelled 200 in stream',
  ],
  'a JSON response that is never read': [
    (subject) => openFetch(subject, false),
    async (exchange) => {
      await exchange.write(head({}, 500));
    },
    'abandoned never_read cancelled 200 in body',
  ],
};

for (const [name, [how, step, expected]] of Object.entries(NEVER_READ)) {
  test(`${name} is abandoned after unreadTimeoutMs`, async () => {
    for (const transport of ['auto', 'fetch'] as const) {
      const kept: unknown[] = [];
      const { ending: end } = await leave(transport, async (subject) => void kept.push(await how(subject)), step, {
        unreadTimeoutMs: 150,
      });
      expect({ transport, end }).toEqual({ transport, end: expected });
    }
  });
}

test('an unread error body is abandoned after unreadTimeoutMs, and its call keeps the http_status ending', async () => {
  for (const transport of ['auto', 'fetch'] as const) {
    const kept: Response[] = [];
    const { ending: end } = await leave(
      transport,
      async (subject) => void kept.push(await openFetch(subject)),
      async (exchange) => {
        await exchange.write(head({ status: 404 }, 500_000));
        await exchange.write('x'.repeat(100_000));
      },
      { unreadTimeoutMs: 150 },
    );
    expect([end, kept[0]?.status]).toEqual(['failed http_status not_found 404 in headers', 404]);
  }
});

test('a slow reader does not trigger idleTimeoutMs', async () => {
  // The server sends each further part when the reader has rested, so that each read waits.
  const rests = [delta('b'), FINISH + DONE].map((part) => ({ part, ...Promise.withResolvers<void>() }));
  const paced: Step = async (exchange) => {
    for (const { part, promise } of rests) {
      await promise;
      await exchange.write(chunk(part));
    }
    await exchange.write(LAST_CHUNK);
  };
  const server = await FaultServer.start({ steps: [both(openEvents(delta('a')), paced)] });
  const { client, log, clock } = probe(new ManualClock(), { origin: server.origin, idleTimeoutMs: 40 });
  let count = 0;
  for await (const _chunk of await client.chat.completions.create({ ...CHAT, stream: true })) {
    // Longer than `idleTimeoutMs`, which counts only while a read waits for the server.
    await clock.advance(80);
    rests[count++]?.resolve();
  }
  expect([count, ending(only(log.calls))]).toEqual([3, 'completed terminal_event 200 in stream']);
  await server.close();
});
