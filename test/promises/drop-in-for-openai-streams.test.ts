import type OpenAI from 'openai';
import type { Stream as OpenAIStream } from 'openai/core/streaming';
import { describe, expect, test } from 'vitest';
import { scenario } from '../../src/simulator/index';
import { CHAT, collect, compare, connect, linesOfPage, RESPONSES } from '../support/drop-in';
import { NO_LIMIT } from '../support/no-limit';

const { same, tested } = compare();

/*
 * Each test runs with `openai` and with this client, against the simulator on a real socket. The name of a test is a line
 * of docs/compatibility.md.
 */

function textOf(chunks: readonly OpenAI.ChatCompletionChunk[]): string {
  return chunks.map(({ choices }) => choices[0]?.delta.content ?? '').join('');
}

describe('streams', () => {
  const streamOf = (client: OpenAI) => client.chat.completions.create({ ...CHAT, stream: true });

  same('The literal `stream: true` returns a stream of chunks or events', async (Client) => {
    await using connected = await connect(Client, scenario.ok({ text: 'Simulated words.', chunks: 4 }));
    expect(textOf(await collect(await streamOf(connected.client)))).toBe('Simulated words.');
    const events = await collect(await connected.client.responses.create({ ...RESPONSES, stream: true }));
    expect(events.map(({ type }) => type)).toEqual(expect.arrayContaining(['response.created', 'response.completed']));
  });

  same('A stream can be iterated once; a second iteration throws', async (Client) => {
    await using connected = await connect(Client);
    const stream = await streamOf(connected.client);
    await collect(stream);
    await expect(collect(stream)).rejects.toThrow(
      'Cannot iterate over a consumed stream, use `.tee()` to split the stream.',
    );
  });

  same('`break` cancels the request and aborts the controller', async (Client) => {
    await using connected = await connect(Client, scenario.stall({ at: 'mid_stream', afterEvents: 3 }));
    const stream = await streamOf(connected.client);
    for await (const _chunk of stream) {
      break;
    }
    await connected.simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
    expect(stream.controller.signal.aborted).toBe(true);
  });

  same('`stream.controller.abort()` ends the iteration without an error and cancels the request', async (Client) => {
    await using connected = await connect(Client, scenario.stall({ at: 'mid_stream', afterEvents: 2 }));
    const stream = await streamOf(connected.client);
    const seen = [];
    for await (const chunk of stream) {
      seen.push(chunk);
      if (seen.length === 2) {
        stream.controller.abort();
      }
    }
    expect(seen).toHaveLength(2);
    await connected.simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
  });

  same('`tee()` returns two independent streams; leaving one does not end the other', async (Client) => {
    await using connected = await connect(Client, scenario.ok({ text: 'Simulated words.', chunks: 4 }));
    const [left, right] = (await streamOf(connected.client)).tee();
    for await (const _chunk of left) {
      break;
    }
    expect(textOf(await collect(right))).toBe('Simulated words.');
    expect(left.controller).toBe(right.controller);
    expect(left.controller.signal.aborted).toBe(false);
  });

  same('`toReadableStream()` writes JSON lines that `Stream.fromReadableStream()` reads', async (Client) => {
    await using connected = await connect(Client, scenario.ok({ text: 'Simulated words.', chunks: 4 }));
    const stream = await streamOf(connected.client);
    const Stream = stream.constructor as typeof OpenAIStream;
    const copy = Stream.fromReadableStream<OpenAI.ChatCompletionChunk>(
      stream.toReadableStream(),
      new AbortController(),
    );
    expect(textOf(await collect(copy))).toBe('Simulated words.');
  });

  same('Cancelling the result of `toReadableStream()` cancels the request', async (Client) => {
    await using connected = await connect(Client, scenario.stall({ at: 'mid_stream', afterEvents: 2 }));
    const stream = await streamOf(connected.client);
    const reader = stream.toReadableStream().getReader();
    await reader.read();
    await reader.cancel();
    expect(stream.controller.signal.aborted).toBe(true);
    await connected.simulator.waitFor(([request]) => request?.closedByClient === true, NO_LIMIT);
  });

  same('`Stream.fromSSEResponse()` reads any response with server-sent events up to `[DONE]`', async (Client) => {
    await using connected = await connect(Client);
    const Stream = (await streamOf(connected.client)).constructor as typeof OpenAIStream;
    const response = new Response(
      'data: {"a":1}\n\nevent: x\r\ndata: {"a":\r\ndata: 2}\r\n\r\ndata: [DONE]\n\ndata: garbage\n\n',
    );
    expect(await collect(Stream.fromSSEResponse(response, new AbortController()))).toEqual([{ a: 1 }, { a: 2 }]);
  });

  same('A stream ends at `[DONE]`, even if the server keeps the connection open', async (Client) => {
    await using connected = await connect(Client, scenario.lingerAfterDone());
    const stream = await streamOf(connected.client);
    expect(textOf(await collect(stream))).toBe('This is a simulated answer.');
    expect(stream.controller.signal.aborted).toBe(false);
  });

  same(
    'An `{error}` event or an `event: error` throws an APIError with the request id, after the events before it',
    async (Client) => {
      for (const named of [false, true]) {
        await using connected = await connect(
          Client,
          scenario.errorEvent({ named, afterEvents: 2, code: 'overloaded' }),
        );
        const stream = await streamOf(connected.client);
        const seen: unknown[] = [];
        const error = await (async () => {
          for await (const chunk of stream) {
            seen.push(chunk);
          }
        })().catch((reason: unknown) => reason);
        expect(error).toBeInstanceOf(Client.APIError);
        expect(error).toMatchObject({ code: 'overloaded', requestID: connected.simulator.requests[0]?.requestId });
        expect(seen).toHaveLength(2);
        expect(stream.controller.signal.aborted).toBe(true);
      }
    },
  );

  same('`get` and `post` with `stream: true` also return a stream of events', async (Client) => {
    const body = 'data: {"n":1}\n\ndata: {"n":2}\n\ndata: [DONE]\n\n';
    await using connected = await connect(
      Client,
      scenario.respond({ headers: { 'content-type': 'text/event-stream' }, body }),
    );
    const stream = await connected.client.post<AsyncIterable<unknown>>('/probe', { body: {}, stream: true });
    expect(await collect(stream)).toEqual([{ n: 1 }, { n: 2 }]);
  });
});

test('docs/compatibility.md lists exactly the tests of this file', () => {
  expect(linesOfPage(/^Streams/)).toEqual(tested.same);
});
