import { CometAPIError } from '../errors/cometapi-error';
import type { CallFacts } from '../facts/call-facts';
import { iterateEvents } from './iterate-events';
import { iterateLines } from './iterate-lines';
import { teeIterator } from './tee';

/** The properties of a stream other than its events. */
interface StreamDetails {
  readonly facts?: (() => CallFacts | undefined) | undefined;
  /** True for a branch of a tee. It does not abort the request, because the other branch may still read. */
  readonly isBranch?: boolean | undefined;
}

/**
 * The events of a streamed response.
 *
 * A stream can be iterated once. `break` cancels the request, and {@link tee} splits the stream. The iteration throws
 * {@link StreamTruncatedError} or {@link StreamIdleError} if the response is incomplete, {@link APIUserAbortError}
 * after an abort by the caller, and {@link APIError} for an error event.
 */
export class Stream<Item> implements AsyncIterable<Item> {
  /** Its abort ends the iteration without an error and cancels the request. */
  readonly controller: AbortController;
  // Private only in TypeScript, as in `openai`: two copies of this package can then use each other's streams.
  private readonly iterator: () => AsyncIterator<Item>;
  private readonly details: StreamDetails;

  constructor(iterator: () => AsyncIterator<Item>, controller: AbortController, details: StreamDetails = {}) {
    this.iterator = iterator;
    this.controller = controller;
    this.details = details;
    Object.defineProperty(this, 'details', { enumerable: false });
  }

  /** The facts of the call. `undefined` until the call ends. */
  get _facts(): CallFacts | undefined {
    return this.details.facts?.();
  }

  /** Decodes the server-sent events of a response that this client did not request. Ends at `[DONE]`. */
  static fromSSEResponse<Item>(response: Response, controller: AbortController): Stream<Item> {
    return new Stream(
      once(() => iterateEvents<Item>(response, controller)),
      controller,
    );
  }

  /** Reads newline-separated JSON, for example from {@link toReadableStream}. */
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
   * Returns two streams that can be read at different speeds. Events that only one stream has read stay in memory.
   * You can stop reading one stream and continue with the other. If you stop both, the request is cancelled.
   */
  tee(): [Stream<Item>, Stream<Item>] {
    const source = this.iterator();
    const [left, right] = teeIterator(source, () => this.#leave(source));
    const branch = (iterator: AsyncIterator<Item>): Stream<Item> =>
      new Stream(() => iterator, this.controller, { facts: this.details.facts, isBranch: true });
    return [branch(left), branch(right)];
  }

  /** Returns each event as a line of JSON. If you cancel the returned stream, the request is cancelled. */
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
          // A failed ReadableStream is never cancelled, so close the source here. Only the first error counts.
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

/** Allows one iteration. A second one throws: it would find no events and look like an empty response. */
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
