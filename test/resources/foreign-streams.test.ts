import { describe, expect, test, vi } from 'vitest';
import { APIError } from '../../src/errors/api-error';
import { Stream } from '../../src/resources/stream';
import { collect } from '../support/drop-in';

const encoder = new TextEncoder();

/** A source that sends these pieces, and then ends or stays open. */
function bytes(
  pieces: readonly (string | Uint8Array)[],
  {
    staysOpen = false,
    cancel = vi.fn(),
  }: { readonly staysOpen?: boolean; readonly cancel?: () => void | PromiseLike<void> } = {},
): ReadableStream<Uint8Array> {
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        for (const piece of pieces) {
          controller.enqueue(typeof piece === 'string' ? encoder.encode(piece) : piece);
        }
        if (!staysOpen) {
          controller.close();
        }
      },
      cancel: () => cancel(),
    },
    { highWaterMark: 0 },
  );
}

const KINDS = {
  'server-sent events': {
    open: (source: ReadableStream<Uint8Array>, controller: AbortController) =>
      Stream.fromSSEResponse<unknown>(new Response(source), controller),
    say: (value: unknown) => `data: ${JSON.stringify(value)}\n\n`,
    garbage: 'data: {"private":\n\n',
  },
  'lines of JSON': {
    open: (source: ReadableStream<Uint8Array>, controller: AbortController) =>
      Stream.fromReadableStream<unknown>(source, controller),
    say: (value: unknown) => `${JSON.stringify(value)}\n`,
    garbage: '{"private":\n',
  },
};

describe.each(Object.entries(KINDS))('%s of a foreign source', (_kind, { open, say, garbage }) => {
  test('are read for every cut of the bytes, and the source is released', async () => {
    const whole = encoder.encode([1, { text: 'é😺' }, null, false, '', [2]].map(say).join(''));
    for (const size of [1, 2, 3, 7, whole.length]) {
      const pieces = Array.from({ length: Math.ceil(whole.length / size) }, (_, index) =>
        whole.subarray(index * size, (index + 1) * size),
      );
      const [source, controller] = [bytes(pieces), new AbortController()];
      expect(await collect(open(source, controller))).toEqual([1, { text: 'é😺' }, null, false, '', [2]]);
      expect([source.locked, controller.signal.aborted]).toEqual([false, false]);
    }
  });

  test('that are not JSON throw a SyntaxError that does not quote them, and cancel the source', async () => {
    const [cancel, controller] = [vi.fn(), new AbortController()];
    const source = bytes([say(1), garbage, say(2)], { staysOpen: true, cancel });
    const error = await collect(open(source, controller)).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(SyntaxError);
    expect(String(error)).not.toContain('private');
    expect([cancel.mock.calls.length, source.locked, controller.signal.aborted]).toEqual([1, false, true]);
  });

  test('cancel the source and abort after break', async () => {
    const [cancel, controller] = [vi.fn(), new AbortController()];
    const source = bytes([say(1), say(2)], { staysOpen: true, cancel });
    for await (const value of open(source, controller)) {
      expect(value).toBe(1);
      break;
    }
    expect([cancel.mock.calls.length, source.locked, controller.signal.aborted]).toEqual([1, false, true]);
  });

  test('end without an error if the controller aborts before, between or during reads', async () => {
    const before = new AbortController();
    before.abort();
    expect(await collect(open(bytes([say(1)]), before))).toEqual([]);

    const between = new AbortController();
    const [source, cancel] = [bytes([say(1) + say(2)], { staysOpen: true }), vi.fn()];
    const seen = [];
    for await (const value of open(source, between)) {
      seen.push(value);
      between.abort();
    }
    expect([seen, source.locked]).toEqual([[1], false]);

    const waiting = new AbortController();
    const never = bytes([], { staysOpen: true, cancel: cancel.mockReturnValue(new Promise(() => undefined)) });
    const reading = collect(open(never, waiting));
    await expect.poll(() => never.locked).toBe(true);
    waiting.abort();
    expect([await reading, never.locked, cancel.mock.calls.length]).toEqual([[], false, 1]);
  });

  test('end without an error if the abort fails the source, and throw every other failure', async () => {
    const failing = (reason: unknown, failure: unknown): Promise<unknown[]> => {
      const controller = new AbortController();
      const source = new ReadableStream<Uint8Array>({
        pull(own) {
          controller.abort(reason);
          own.error(failure);
        },
      });
      return collect(open(source, controller));
    };
    const reason = new Error('enough');
    expect(await failing(reason, reason)).toEqual([]);
    expect(await failing(reason, new DOMException('aborted', 'AbortError'))).toEqual([]);
    await expect(failing(reason, new TypeError('reset'))).rejects.toThrow('reset');
  });

  test('throw the error of the source', async () => {
    const source = new ReadableStream<Uint8Array>({ pull: (own) => own.error(new TypeError('reset')) });
    const controller = new AbortController();
    await expect(collect(open(source, controller))).rejects.toThrow('reset');
    expect([source.locked, controller.signal.aborted]).toEqual([false, true]);
  });
});

describe('server-sent events', () => {
  const events = (...pieces: string[]): Promise<unknown[]> =>
    collect(Stream.fromSSEResponse(new Response(pieces.join('')), new AbortController()));

  test('end at [DONE] and ignore the rest, and an open source is cancelled without an abort', async () => {
    const [cancel, controller] = [vi.fn(), new AbortController()];
    const source = bytes(['data: 1\n\ndata: [DONE]\n\nevent: error\ndata: {', 'garbage'], { staysOpen: true, cancel });
    expect(await collect(Stream.fromSSEResponse(new Response(source), controller))).toEqual([1]);
    expect([cancel.mock.calls.length, source.locked, controller.signal.aborted]).toEqual([1, false, false]);
  });

  test('may have comments, ids, names, all line ends, several data lines, and no blank line at the end', async () => {
    expect(await events(': hi\r\nid: 1\nevent: x\rdata: {"a":\rdata: 1}\r\r', 'data:2\r\n\r\n', 'data: 3')).toEqual([
      { a: 1 },
      2,
      3,
    ]);
  });

  test.each(['data: {"error":{"message":"words","code":"a_code"}}\n\n', 'event: error\ndata: {"code":"a_code"}\n\n'])(
    'that are errors throw an APIError that does not quote them: %j',
    async (frame) => {
      const error = await events('data: 1\n\n', frame).catch((reason: unknown) => reason);
      expect(error).toBeInstanceOf(APIError);
      expect(JSON.stringify(error) + String(error)).not.toContain('words');
    },
  );

  test('need a body', async () => {
    const controller = new AbortController();
    const stream = Stream.fromSSEResponse(new Response(null), controller);
    await expect(collect(stream)).rejects.toThrow('no body');
    expect(controller.signal.aborted).toBe(true);
  });

  test('abort the controller if the source cannot be cancelled', async () => {
    const controller = new AbortController();
    const cancel = (): Promise<never> => Promise.reject(new Error('no'));
    const source = bytes(['data: [DONE]\n\n'], { staysOpen: true, cancel });
    expect(await collect(Stream.fromSSEResponse(new Response(source), controller))).toEqual([]);
    await expect.poll(() => controller.signal.aborted).toBe(true);
  });
});

describe('lines of JSON', () => {
  const lines = (...pieces: string[]): Promise<unknown[]> =>
    collect(Stream.fromReadableStream(bytes(pieces), new AbortController()));

  test('may have all line ends, blank lines, and no line end after the last line', async () => {
    expect(await lines('\r\n1\r', '\n', '2\r3\n\n  \n{"a"', ':4}')).toEqual([1, 2, 3, { a: 4 }]);
  });

  test('of 4 MiB in pieces of 64 bytes take linear time', async () => {
    const long = 'x'.repeat(4 * 1024 * 1024);
    const whole = JSON.stringify(long);
    const pieces = Array.from({ length: Math.ceil(whole.length / 64) }, (_, index) =>
      whole.slice(index * 64, index * 64 + 64),
    );
    const split = vi.spyOn(String.prototype, 'split');
    try {
      expect((await lines(...pieces))[0] === long).toBe(true);
      const searched = split.mock.contexts.reduce<number>((sum, text) => sum + String(text).length, 0);
      expect(searched).toBeLessThan(whole.length * 2);
    } finally {
      split.mockRestore();
    }
  });
});
