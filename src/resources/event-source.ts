import { BodyFailure } from '../wire/body/body-failure';
import type { DeliveredEvent } from '../wire/stream/inspect-event-stream';
import type { TypedAnswer } from './typed-call';

const MALFORMED = {
  ending: 'failed',
  endingReason: 'unexpected_response',
  category: 'unexpected_response',
  errorType: '_OTHER',
} as const;

/** Events that are parsed and not yet consumed. The inspector adds them, and the iterator takes them. */
export class EventQueue {
  #events: DeliveredEvent[] = [];
  #taken = 0;

  readonly deliver = (event: DeliveredEvent): void => {
    this.#events.push(event);
  };

  take(): DeliveredEvent | undefined {
    const event = this.#events[this.#taken];
    if (event === undefined) {
      this.#events = [];
      this.#taken = 0;
      return undefined;
    }
    this.#taken++;
    return event;
  }

  clear(): void {
    this.#events = [];
    this.#taken = 0;
  }
}

/**
 * Iterates the events of one response. It is not a generator, so events that are already parsed are returned without
 * another read or an intermediate stream.
 */
export class EventIterator<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly holder: object;
  readonly #answer: TypedAnswer;
  readonly #queue: EventQueue;
  readonly #controller: AbortController;
  #isDone = false;
  /** No more reads follow. Queued events are still returned. */
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;
  /** The last call of `next`. Calls run one after the other, for example those of two branches of a tee. */
  #last: Promise<unknown> = Promise.resolve();
  /** The number of unfinished calls of `next`. */
  #waiting = 0;

  /** @param holder keeps the call open: it is abandoned when the holder is garbage collected */
  constructor(answer: TypedAnswer, queue: EventQueue, controller: AbortController, holder: object) {
    this.holder = holder;
    this.#answer = answer;
    this.#queue = queue;
    this.#controller = controller;
    controller.signal.addEventListener('abort', this.#onAbort, { once: true });
    if (controller.signal.aborted) {
      this.#onAbort();
    }
  }

  next(): Promise<IteratorResult<Item, undefined>> {
    // Return a parsed event at once, unless an earlier call still waits.
    const event = this.#waiting === 0 && !this.#isDone ? this.#queue.take() : undefined;
    if (event?.kind === 'data') {
      return Promise.resolve({ done: false, value: this.#valueOf(event) });
    }
    this.#waiting++;
    const result = this.#last.then(() => this.#next(event));
    const answered = (): void => {
      this.#waiting--;
    };
    // A failed read rejects only its own call of `next`.
    this.#last = result.then(answered, answered);
    return result;
  }

  return(): Promise<IteratorResult<Item, undefined>> {
    if (!this.#isDone) {
      this.#answer.body.cancel();
      this.#abort();
    }
    return Promise.resolve({ done: true, value: undefined });
  }

  /** Called by `yield*` when an error is thrown into its generator. */
  async throw(error: unknown): Promise<IteratorResult<Item, undefined>> {
    await this.return();
    throw error;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async #next(early: DeliveredEvent | undefined): Promise<IteratorResult<Item, undefined>> {
    let taken = early;
    while (!this.#isDone) {
      const event = taken ?? this.#queue.take();
      taken = undefined;
      if (event !== undefined) {
        return { done: false, value: this.#valueOf(event) };
      }
      if (this.#failure !== undefined) {
        this.#abort();
        throw this.#failure.error;
      }
      if (this.#hasEnded) {
        this.#finish();
        this.#answer.body.drain();
        break;
      }
      await this.#read();
    }
    return { done: true, value: undefined };
  }

  async #read(): Promise<void> {
    const { body } = this.#answer;
    try {
      const chunk = await body.read();
      // The protocol may end before the source. Do not wait for the server to close the connection.
      this.#hasEnded = chunk === undefined || body.end !== undefined;
    } catch (error) {
      this.#failure = { error: error instanceof BodyFailure ? this.#answer.error(error) : error };
    }
  }

  #valueOf(event: DeliveredEvent): Item {
    switch (event.kind) {
      case 'data':
        // `Item` is the documented type of the event. Only its JSON syntax was checked.
        return event.value as Item;
      case 'error':
        this.#answer.body.cancel();
        this.#abort();
        throw this.#answer.error(undefined, event.error);
      case 'malformed':
        this.#answer.body.fail(MALFORMED);
        this.#abort();
        throw this.#answer.error();
      default:
        return event satisfies never;
    }
  }

  /** Runs on `stream.controller.abort()`. The iteration ends without an error, as in `openai`. */
  readonly #onAbort = (): void => {
    if (!this.#isDone) {
      this.#finish();
      this.#answer.body.cancel();
    }
  };

  /** Aborts the controller, so its listeners know that the stream was not read to its end. */
  #abort(): void {
    this.#finish();
    this.#controller.abort();
  }

  #finish(): void {
    this.#isDone = true;
    this.#queue.clear();
    this.#controller.signal.removeEventListener('abort', this.#onAbort);
  }
}
