import { CometAPIError } from '../errors/cometapi-error';
import type { CallFacts } from '../facts/call-facts';
import { iterateEvents } from './iterate-events';
import { iterateLines } from './iterate-lines';
import { teeIterator } from './tee';

/**
 * The events of a streamed answer. It can be iterated once; `break` cancels the request; {@link tee} splits it.
 * Iterating throws when the answer did not end as its protocol says: {@link StreamTruncatedError}, {@link StreamIdleError},
 * {@link APIUserAbortError} after the caller's abort, or {@link APIError} for an error event.
 */
export class Stream<Item> implements AsyncIterable<Item> {
  /** Aborting it ends the iteration in silence and cancels the request. */
  readonly controller: AbortController;
  readonly #iterate: () => AsyncIterator<Item>;
  readonly #facts: () => CallFacts | undefined;

  constructor(
    iterator: () => AsyncIterator<Item>,
    controller: AbortController,
    details: { readonly facts?: () => CallFacts | undefined } = {},
  ) {
    this.#iterate = iterator;
    this.controller = controller;
    this.#facts = details.facts ?? (() => undefined);
  }

  /** What is known of the call, once it has ended. */
  get _facts(): CallFacts | undefined {
    return this.#facts();
  }

  /** Decodes a response of server-sent events that did not come from this client. Ends at `[DONE]`. */
  static fromSSEResponse<Item>(response: Response, controller: AbortController): Stream<Item> {
    return new Stream(
      once(() => iterateEvents<Item>(response, controller)),
      controller,
    );
  }

  /** Reads newline-separated JSON, such as {@link toReadableStream} writes. */
  static fromReadableStream<Item>(
    readableStream: ReadableStream<Uint8Array>,
    controller: AbortController,
  ): Stream<Item> {
    return new Stream(
      once(() => iterateLines<Item>(readableStream, controller)),
      controller,
    );
  }

  [Symbol.asyncIterator](): AsyncIterator<Item> {
    return this.#iterate();
  }

  /** Two streams that can be read at different speeds; what one has read and the other has not is kept. */
  tee(): [Stream<Item>, Stream<Item>] {
    const [left, right] = teeIterator(this.#iterate());
    const details = { facts: this.#facts };
    return [new Stream(() => left, this.controller, details), new Stream(() => right, this.controller, details)];
  }

  /** Each event as a line of JSON. Cancelling it cancels the request. */
  toReadableStream(): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    let iterator: AsyncIterator<Item>;
    return new ReadableStream<Uint8Array>({
      start: () => {
        iterator = this[Symbol.asyncIterator]();
      },
      async pull(controller) {
        try {
          const { value, done } = await iterator.next();
          if (done) {
            controller.close();
          } else {
            controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
          }
        } catch (error) {
          controller.error(error);
          await iterator.return?.();
        }
      },
      async cancel() {
        await iterator.return?.();
      },
    });
  }
}

/** A stream is consumed once: a second iteration would find nothing and look like an empty answer. */
export function once<Item>(iterate: () => AsyncIterator<Item>): () => AsyncIterator<Item> {
  let isConsumed = false;
  return () => {
    if (isConsumed) {
      throw new CometAPIError('Cannot iterate over a consumed stream, use `.tee()` to split the stream.');
    }
    isConsumed = true;
    return iterate();
  };
}
