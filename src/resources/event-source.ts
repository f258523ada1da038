import { BodyFailure } from '../wire/body-failure';
import type { DeliveredEvent } from '../wire/inspect-event-stream';
import type { TypedAnswer } from './typed-call';

const MALFORMED = {
  ending: 'failed',
  endingReason: 'unexpected_response',
  category: 'unexpected_response',
  errorType: '_OTHER',
} as const;

/** Events that were parsed and not yet taken. Shared by the one who reads the body and the one who iterates. */
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
 * Iterates the events of one answer. Written by hand: between the body and the consumer there is no other generator or
 * stream, and what was parsed with one read is handed out without another.
 */
export class EventIterator<Item> implements AsyncIterableIterator<Item, undefined> {
  readonly holder: object;
  readonly #answer: TypedAnswer;
  readonly #queue: EventQueue;
  readonly #controller: AbortController;
  #isDone = false;
  /** No more will be read; what is queued is still to be taken. */
  #hasEnded = false;
  #failure: { readonly error: unknown } | undefined;
  /** One read after the other, whoever asks (two branches of a tee may). */
  #last: Promise<unknown> = Promise.resolve();
  /** Who has asked and was not answered yet. */
  #waiting = 0;

  /** @param holder whatever keeps the answer from being given up as long as somebody may iterate */
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
    // What was parsed already needs no turn of its own, unless somebody asked before.
    const event = this.#waiting === 0 && !this.#isDone ? this.#queue.take() : undefined;
    if (event?.kind === 'data') {
      return Promise.resolve({ done: false, value: this.#valueOf(event) });
    }
    this.#waiting++;
    const result = this.#last.then(() => this.#next(event));
    const answered = (): void => {
      this.#waiting--;
    };
    // A failed read is told to the one who asked, not to the next.
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

  /** What `yield*` does with an error that is thrown into its generator. */
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
        this.#answer.body.linger();
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
      // An end that is known before the source ends is the protocol's: no need to wait for the server to close.
      this.#hasEnded = chunk === undefined || body.end !== undefined;
    } catch (error) {
      this.#failure = { error: error instanceof BodyFailure ? this.#answer.error(error) : error };
    }
  }

  #valueOf(event: DeliveredEvent): Item {
    switch (event.kind) {
      case 'data':
        // Items are the documented events of the interface; their JSON is all that was checked.
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

  /** `stream.controller.abort()`: the iteration ends in silence, as in `openai`. */
  readonly #onAbort = (): void => {
    if (!this.#isDone) {
      this.#finish();
      this.#answer.body.cancel();
    }
  };

  /** Whoever watches the controller hears that the stream is over before its end. */
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
