import type {
  Response as ModelResponse,
  ResponseCreateParamsBase,
  ResponseCreateParamsNonStreaming,
  ResponseCreateParamsStreaming,
  ResponseStreamEvent,
} from 'openai/resources/responses/responses';
import type { RequestOptions } from '../config/options';
import type { APIPromise } from './api-promise';
import { addOutputText } from './output-text';
import { postTyped } from './post-typed';
import type { Stream } from './stream';
import type { StartCall } from './typed-call';

/** `client.responses` */
export class Responses {
  readonly #start: StartCall;

  /** @internal */
  constructor(start: StartCall) {
    this.#start = start;
  }

  /**
   * `POST /v1/responses`. With `stream: true` it gives a {@link Stream} of events; otherwise the response with `output_text`.
   *
   * @throws APIError and its subclasses; never text of the server in a message
   */
  create(body: ResponseCreateParamsNonStreaming, options?: RequestOptions): APIPromise<ModelResponse>;
  create(body: ResponseCreateParamsStreaming, options?: RequestOptions): APIPromise<Stream<ResponseStreamEvent>>;
  create(
    body: ResponseCreateParamsBase,
    options?: RequestOptions,
  ): APIPromise<ModelResponse | Stream<ResponseStreamEvent>>;
  create(
    body: ResponseCreateParamsBase,
    options: RequestOptions = {},
  ): APIPromise<ModelResponse | Stream<ResponseStreamEvent>> {
    return postTyped<ModelResponse, ResponseStreamEvent>(
      this.#start,
      { path: '/responses', body, options, stream: body.stream === true },
      addOutputText,
    );
  }
}
