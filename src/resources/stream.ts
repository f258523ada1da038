import { CometAPIError } from '../errors/cometapi-error';
import type { CallFacts } from '../facts/call-facts';
import { iterateEvents } from './iterate-events';
import { iterateLines } from './iterate-lines';
import { teeIterator } from './tee';

/** What a stream of this client knows beside its events. */
interface StreamDetails {
  readonly facts?: (() => CallFacts | undefined) | undefined;
  /** A branch leaves the source to its sibling. */
  readonly isBranch?: boolean | undefined;
}

/**
 * The events of a streamed answer. It can be iterated once; `break` cancels the request; {@link tee} splits it.
 * Iterating throws when the answer did not end as its protocol says: {@link StreamTruncatedError}, {@link StreamIdleError},
 * {@link APIUserAbortError} after the caller's abort, or {@link APIError} for an error event.
 */
export class Stream<Item> implements AsyncIterable<Item> {
  /** Aborting it ends the iteration in silence and cancels the request. */
  readonly controller: AbortController;
  // Private to the compiler only, as in `openai`: streams of two copies of this package work on each other.
  private readonly iterator: () => AsyncIterator<Item>;
  private readonly details: StreamDetails;

  constructor(iterator: () => AsyncIterator<Item>, controller: AbortController, details: StreamDetails = {}) {
    this.iterator = iterator;
    this.controller = controller;
    this.details = details;
    Object.defineProperty(this, 'details', { enumerable: false });
  }

  /** What is known of the call, once it has ended. */
  get _facts(): CallFacts | undefined {
    return this.details.facts?.();
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
    return this.iterator();
  }

  /**
   * Two streams that can be read at different speeds; what one has read and the other has not is kept. Leaving one of
   * them keeps the other going; leaving both cancels the request.
   */
  tee(): [Stream<Item>, Stream<Item>] {
    const source = this.iterator();
    const [left, right] = teeIterator(source, () => this.#leave(source));
    const branch = (iterator: AsyncIterator<Item>): Stream<Item> =>
      new Stream(() => iterator, this.controller, { facts: this.details.facts, isBranch: true });
    return [branch(left), branch(right)];
  }

  /** Each event as a line of JSON. Cancelling it cancels the request. */
  toReadableStream(): ReadableStream<Uint8Array> {
    const encoder = new TextEncoder();
    const iterator = this[Symbol.asyncIterator]();
    return new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        try {
          const { value, done } = await iterator.next();
          if (done) {
            controller.close();
          } else {
            controller.enqueue(encoder.encode(`${JSON.stringify(value)}\n`));
          }
        } catch (error) {
          controller.error(error);
          // A stream that has failed is never cancelled, so the source is let go here; only the first error counts.
          this.#leave(iterator).catch(() => undefined);
        }
      },
      cancel: () => this.#leave(iterator),
    });
  }

  async #leave(iterator: AsyncIterator<Item>): Promise<void> {
    if (iterator.return !== undefined) {
      if (this.details.isBranch !== true) {
        this.controller.abort();
      }
      await iterator.return();
    }
  }
}

/** A stream is consumed once: a second iteration would find nothing and look like an empty answer. */
export function once<Item>(iterate: () => AsyncIterator<Item>): () => AsyncIterator<Item> {
  let isConsumed = false;
  return () => {
    if (isConsumed) {
      const consumed = (): Promise<never> =>
        Promise.reject(new CometAPIError('Cannot iterate over a consumed stream, use `.tee()` to split the stream.'));
      return { next: consumed };
    }
    isConsumed = true;
    return iterate();
  };
}
