import { setImmediate as turn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import type { CallFacts } from '../../src/facts/call-facts';
import { CometAPI } from '../../src/index';

setFlagsFromString('--expose-gc');
const collectGarbage: () => void = runInNewContext('gc');

async function collectAll(): Promise<void> {
  for (let round = 0; round < 10; round++) {
    await turn();
    collectGarbage();
  }
}

/** A client whose response arrives when the test sends it. */
function pacedClient(): {
  readonly client: CometAPI;
  readonly closed: CallFacts[];
  send(text: string): void;
  end(): void;
} {
  const closed: CallFacts[] = [];
  const pipe = new TransformStream<Uint8Array, Uint8Array>();
  const writer = pipe.writable.getWriter();
  const headers = { 'content-type': 'text/event-stream' };
  const client = new CometAPI({
    apiKey: 'a-key-for-collecting',
    fetch: async () => new Response(pipe.readable, { headers }),
    observers: [{ callClosed: (facts) => void closed.push(facts) }],
  });
  return {
    client,
    closed,
    send: (text) => void writer.write(new TextEncoder().encode(text)).catch(() => undefined),
    end: () => void writer.close().catch(() => undefined),
  };
}

const CHAT = { model: 'a-model', messages: [{ role: 'user' as const, content: 'x' }], stream: true as const };
const FIRST = 'data: {"choices":[{"index":0,"delta":{"content":"a"},"finish_reason":null}]}\n\n';
const LAST = 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';

describe('garbage collection', () => {
  test('does not end a stream if only its response is unreachable', async () => {
    const { client, closed, send, end } = pacedClient();
    const open = async () => (await client.chat.completions.create(CHAT).withResponse()).data;
    const iterator = (await open())[Symbol.asyncIterator]();
    send(FIRST);
    await iterator.next();
    await collectAll();
    expect(closed).toEqual([]);
    send(LAST);
    end();
    expect((await iterator.next()).value).toMatchObject({ choices: [{ finish_reason: 'stop' }] });
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
    expect(closed).toMatchObject([{ ending: 'completed' }]);
  });

  test('does not end a stream while the iterator of one branch is reachable', async () => {
    const { client, closed, send, end } = pacedClient();
    const open = async () => (await client.chat.completions.create(CHAT)).tee()[1];
    const iterator = (await open())[Symbol.asyncIterator]();
    send(FIRST);
    await iterator.next();
    await collectAll();
    expect(closed).toEqual([]);
    send(LAST);
    end();
    await iterator.next();
    expect(await iterator.next()).toEqual({ done: true, value: undefined });
  });

  test('abandons an unread stream', async () => {
    const { client, closed } = pacedClient();
    await (async () => {
      await client.chat.completions.create(CHAT);
    })();
    await expect
      .poll(async () => {
        await collectAll();
        return closed;
      })
      .toMatchObject([{ ending: 'abandoned', endingReason: 'garbage_collected' }]);
  });
});
