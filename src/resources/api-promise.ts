import { withMarks } from './parse-answer';
import type { TypedAnswer } from './typed-call';

/** The parsed answer, with the gateway's request id where it is an object. */
export type WithRequestID<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? T & { readonly _request_id?: string | null }
    : T;

/** What a promise is rejected with, as the platform types it: handlers written for `openai` look into it. */
type Reason = Parameters<NonNullable<Parameters<PromiseLike<unknown>['then']>[1]>>[0];

/**
 * What a typed method returns: the request is under way, the answer is parsed only when it is asked for.
 * As in `openai`: `await` it, or take `.withResponse()` or `.asResponse()`.
 */
export class APIPromise<T> extends Promise<WithRequestID<T>> {
  readonly #answer: Promise<TypedAnswer>;
  readonly #parse: (answer: TypedAnswer) => T | Promise<T>;
  #parsed: Promise<WithRequestID<T>> | undefined;

  /** @internal */
  constructor(answer: Promise<TypedAnswer>, parse: (answer: TypedAnswer) => T | Promise<T>) {
    // The promise itself must not parse; `then`, `catch` and `finally` below do.
    // It never resolves to anything somebody sees.
    super((resolve) => resolve(undefined as never));
    this.#answer = answer;
    this.#parse = parse;
  }

  /** Chained promises are ordinary ones. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /**
   * The same call with its answer changed, as wrappers of `openai` do it.
   *
   * @internal
   */
  _thenUnwrap<U>(transform: (data: T, props: { readonly response: Response }) => U): APIPromise<U> {
    return new APIPromise(this.#answer, async (answer) => {
      const response = answer.response();
      // The marks are added by the parser; the type says so.
      const data = transform((await this.#whenParsed()) as T, { response });
      return withMarks(data, answer) as U;
    });
  }

  /** The raw response as soon as its headers are there, its body unread. */
  asResponse(): Promise<Response> {
    return this.#answer.then((answer) => answer.response());
  }

  /** The parsed answer, the raw response and the gateway's request id. */
  async withResponse(): Promise<{ data: T; response: Response; request_id: string | null }> {
    const answer = await this.#answer;
    // Taken first: parsing reads the body.
    const response = answer.response();
    const data = await this.#whenParsed();
    return { data, response, request_id: answer.requestId ?? null };
  }

  // biome-ignore lint/suspicious/noThenProperty: it is a promise; parsing waits until somebody asks.
  override then<TResult1 = WithRequestID<T>, TResult2 = never>(
    onfulfilled?: ((value: WithRequestID<T>) => TResult1 | PromiseLike<TResult1>) | null,
    onrejected?: ((reason: Reason) => TResult2 | PromiseLike<TResult2>) | null,
  ): Promise<TResult1 | TResult2> {
    return this.#whenParsed().then(onfulfilled, onrejected);
  }

  override catch<TResult = never>(
    onrejected?: ((reason: Reason) => TResult | PromiseLike<TResult>) | null,
  ): Promise<WithRequestID<T> | TResult> {
    return this.#whenParsed().catch(onrejected);
  }

  override finally(onfinally?: (() => void) | null): Promise<WithRequestID<T>> {
    return this.#whenParsed().finally(onfinally);
  }

  #whenParsed(): Promise<WithRequestID<T>> {
    // The marks are added by the parser; the type says so.
    this.#parsed ??= this.#answer.then(this.#parse) as Promise<WithRequestID<T>>;
    return this.#parsed;
  }
}
