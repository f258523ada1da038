import { withMarks } from './parse-answer';
import type { TypedAnswer } from './typed-call';

/** The parsed response. If it is an object, it has the request id of CometAPI. */
export type WithRequestID<T> = T extends readonly unknown[]
  ? T
  : T extends object
    ? T & { readonly _request_id?: string | null }
    : T;

/** The platform's type for the reason of a rejection. Handlers written for `openai` read its properties. */
type Reason = Parameters<NonNullable<Parameters<PromiseLike<unknown>['then']>[1]>>[0];

/**
 * The result of a typed method.
 *
 * The request starts at once. The response is parsed only when the promise is awaited. As in `openai`, you can also
 * call `.withResponse()` or `.asResponse()`.
 */
export class APIPromise<T> extends Promise<WithRequestID<T>> {
  readonly #answer: Promise<TypedAnswer>;
  readonly #parse: (answer: TypedAnswer) => T | Promise<T>;
  #parsed: Promise<WithRequestID<T>> | undefined;

  /** @internal */
  constructor(answer: Promise<TypedAnswer>, parse: (answer: TypedAnswer) => T | Promise<T>) {
    // The base promise must not parse; `then`, `catch` and `finally` below do. No caller sees its value.
    super((resolve) => resolve(undefined as never));
    this.#answer = answer;
    this.#parse = parse;
  }

  /** Chained promises are plain promises. */
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  /**
   * Transforms the parsed response of the same call. Wrappers of `openai` use this.
   *
   * @internal
   */
  _thenUnwrap<U>(transform: (data: T, props: { readonly response: Response }) => U): APIPromise<U> {
    return new APIPromise(this.#answer, async (answer) => {
      const response = answer.response();
      // The cast is safe: `WithRequestID<T>` is a `T` with one more field.
      const data = transform((await this.#whenParsed()) as T, { response });
      return withMarks(data, answer) as U;
    });
  }

  /** Resolves with the raw response when its headers arrive. Its body is unread. */
  asResponse(): Promise<Response> {
    return this.#answer.then((answer) => answer.response());
  }

  /** Resolves with the parsed response, the raw response and the request id of CometAPI. */
  async withResponse(): Promise<{ data: T; response: Response; request_id: string | null }> {
    const answer = await this.#answer;
    // Before parsing, because parsing reads the body.
    const response = answer.response();
    const data = await this.#whenParsed();
    return { data, response, request_id: answer.requestId ?? null };
  }

  // biome-ignore lint/suspicious/noThenProperty: this class is a promise that parses when it is awaited.
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
    // The cast is safe: the parser adds `_request_id` to objects.
    this.#parsed ??= this.#answer.then(this.#parse) as Promise<WithRequestID<T>>;
    return this.#parsed;
  }
}
