import type {
  ChatCompletion,
  ChatCompletionChunk,
  ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsNonStreaming,
  ChatCompletionCreateParamsStreaming,
} from 'openai/resources/chat/completions/completions';
import type { RequestOptions } from '../config/options';
import type { APIPromise } from './api-promise';
import { postTyped } from './post-typed';
import type { Stream } from './stream';
import type { StartCall } from './typed-call';

/** `client.chat.completions` */
export class Completions {
  readonly #start: StartCall;

  /** @internal */
  constructor(start: StartCall) {
    this.#start = start;
  }

  /**
   * `POST /v1/chat/completions`. With `stream: true` it gives a {@link Stream} of chunks.
   *
   * @throws APIError and its subclasses; never text of the server in a message
   */
  create(body: ChatCompletionCreateParamsNonStreaming, options?: RequestOptions): APIPromise<ChatCompletion>;
  create(body: ChatCompletionCreateParamsStreaming, options?: RequestOptions): APIPromise<Stream<ChatCompletionChunk>>;
  create(
    body: ChatCompletionCreateParamsBase,
    options?: RequestOptions,
  ): APIPromise<ChatCompletion | Stream<ChatCompletionChunk>>;
  create(
    body: ChatCompletionCreateParamsBase,
    options: RequestOptions = {},
  ): APIPromise<ChatCompletion | Stream<ChatCompletionChunk>> {
    return postTyped<ChatCompletion, ChatCompletionChunk>(this.#start, {
      path: '/chat/completions',
      body,
      options,
      stream: body.stream === true,
    });
  }
}

/** `client.chat` */
export class Chat {
  readonly completions: Completions;

  /** @internal */
  constructor(start: StartCall) {
    this.completions = new Completions(start);
  }
}
