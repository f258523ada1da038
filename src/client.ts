// biome-ignore format: one name per line would take five times the space
import type {
  ChatCompletion, ChatCompletionAllowedToolChoice, ChatCompletionAllowedTools, ChatCompletionAssistantMessageParam,
  ChatCompletionAudio, ChatCompletionAudioParam, ChatCompletionChunk, ChatCompletionContentPart,
  ChatCompletionContentPartImage, ChatCompletionContentPartInputAudio, ChatCompletionContentPartRefusal,
  ChatCompletionContentPartText, ChatCompletionCreateParams, ChatCompletionCreateParamsBase,
  ChatCompletionCreateParamsNonStreaming, ChatCompletionCreateParamsStreaming, ChatCompletionCustomTool,
  ChatCompletionDeleted, ChatCompletionDeveloperMessageParam, ChatCompletionFunctionCallOption,
  ChatCompletionFunctionMessageParam, ChatCompletionFunctionTool, ChatCompletionListParams, ChatCompletionMessage,
  ChatCompletionMessageCustomToolCall, ChatCompletionMessageFunctionToolCall, ChatCompletionMessageParam,
  ChatCompletionMessageToolCall, ChatCompletionModality, ChatCompletionNamedToolChoice,
  ChatCompletionNamedToolChoiceCustom, ChatCompletionParseParams, ChatCompletionPredictionContent,
  ChatCompletionReasoningEffort, ChatCompletionRole, ChatCompletionStoreMessage, ChatCompletionStreamOptions,
  ChatCompletionSystemMessageParam, ChatCompletionTokenLogprob, ChatCompletionTool, ChatCompletionToolChoiceOption,
  ChatCompletionToolMessageParam, ChatCompletionUpdateParams, ChatCompletionUserMessageParam, ParsedChatCompletion,
  ParsedChatCompletionMessage, ParsedChatCompletionMessageToolCall, ParsedChoice, ParsedFunction,
  ParsedFunctionToolCall,
} from 'openai/resources/chat/completions/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import type { Model, ModelDeleted } from 'openai/resources/models';
// biome-ignore format: one name per line would take five times the space
import type {
  AllModels, ChatModel, ComparisonFilter, CompoundFilter, CustomToolInputFormat, ErrorObject, FunctionDefinition,
  FunctionParameters, Metadata, Reasoning, ReasoningEffort, ResponseFormatJSONObject, ResponseFormatJSONSchema,
  ResponseFormatText, ResponseFormatTextGrammar, ResponseFormatTextPython, ResponsesModel,
} from 'openai/resources/shared';
import type { RetryBudgetSnapshot } from './call/bounds/retry-budget';
import { SharedBounds } from './call/bounds/shared-bounds';
import { encodeRequest } from './call/request/encode-request';
import { requestUrl } from './call/request/request-url';
import type { ClientRecords } from './client-records';
import { type Composition, compose, type Internals, SYSTEM, typedDefaults } from './compose';
import { DEFAULTS } from './config/defaults';
import { readEnvironment } from './config/environment';
import type { LogLevel } from './config/logger';
import type { ClientOptions, Fetch, QueryLike, RequestOptions } from './config/options';
import { type Config, resolveConfig } from './config/resolve-config';
import { APIError } from './errors/api-error';
import { CometAPIError } from './errors/cometapi-error';
import { APIConnectionError, APIConnectionTimeoutError, APIUserAbortError } from './errors/connection-errors';
import {
  RedirectError,
  StreamIdleError,
  StreamTruncatedError,
  UnexpectedResponseError,
} from './errors/response-errors';
import {
  AuthenticationError,
  BadRequestError,
  ConflictError,
  InternalServerError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  UnprocessableEntityError,
} from './errors/status-errors';
import { uuidV4 } from './facts/uuid';
import {
  type AiSdkHostOptions,
  aiSdk,
  type LangchainHostOptions,
  langchain,
  type OpenAIHostOptions,
  openai,
} from './integrations/host-options';
import type { APIPromise } from './resources/api-promise';
import { Chat } from './resources/chat';
import { Models, type ModelsPage } from './resources/models';
import {
  type BuiltRequest,
  type FinalRequestOptions,
  type MethodOptions,
  requestAny,
  toCall,
} from './resources/request-any';
import { Responses } from './resources/responses';

/** Returns the internal parts of a client, for the local gateway. `index.ts` does not export it. */
export let compositionOf: (client: CometAPI) => Composition;

/**
 * Client for CometAPI with the interface of `openai` for chat completions, responses and models.
 *
 * Emits an OpenTelemetry span tree and, with `recordFile`, one record line per call. Retries and all waits have limits.
 * Never records prompts, answers or keys.
 *
 * @example
 * const client = new CometAPI(); // reads COMETAPI_API_KEY
 * const completion = await client.chat.completions.create({ model, messages });
 */
export class CometAPI {
  readonly chat: Chat;
  readonly responses: Responses;
  readonly models: Models;
  /**
   * Works like `globalThis.fetch`; pass it to other SDKs.
   *
   * Requests to the origin of the base URL get the API key, retries, spans and a record. Returns the last response, of
   * any status, with its body unread. Sends requests to other origins unchanged: without the key, retries or spans.
   *
   * @throws the reason of the signal if it aborts
   * @throws DOMException named `TimeoutError` if a time limit passes
   * @throws TypeError with a `code` such as `connection_refused` if there is no usable response
   */
  readonly fetch: Fetch;

  readonly #options: ClientOptions;
  readonly #config: Config;
  readonly #internals: Internals;
  readonly #bounds: SharedBounds;
  readonly #inside: Composition;

  /** @throws CometAPIError that lists every invalid option and variable by name, never by value */
  constructor(options?: ClientOptions);
  /** @internal */
  constructor(options: ClientOptions | undefined, internals: Internals, bounds?: SharedBounds);
  constructor(
    options: ClientOptions = {},
    internals: Internals = SYSTEM,
    bounds: SharedBounds = new SharedBounds(internals.clock),
  ) {
    this.#options = options;
    this.#config = resolveConfig(options, readEnvironment());
    this.#internals = internals;
    this.#bounds = bounds;
    this.#inside = compose(options, this.#config, bounds, internals);
    this.chat = new Chat(this.#inside.startCall);
    this.responses = new Responses(this.#inside.startCall);
    this.models = new Models(this.#inside.startCall);
    this.fetch = this.#inside.fetch;
  }

  /** The base URL, as configured. */
  get baseURL(): string {
    return this.#config.baseURL.text;
  }

  /** Retries after the first attempt: at most 4. */
  get maxRetries(): number {
    return this.#config.maxRetries;
  }

  /** Time limit of a JSON answer, in milliseconds. The default for the headers of a stream is shorter: 120,000. */
  get timeout(): number {
    return this.#config.timeoutMs ?? DEFAULTS.jsonTimeoutMs;
  }

  /** The least severe level that is logged. */
  get logLevel(): LogLevel {
    return this.#config.logLevel;
  }

  /** The retry budget of all calls of this client; `undefined` if it is off. */
  get retryBudget(): { snapshot(): RetryBudgetSnapshot } | undefined {
    return this.#inside.budget;
  }

  /** Builds records from facts with this client's annotations, and counts the lines of its record file. */
  get records(): ClientRecords {
    return this.#inside.records;
  }

  /**
   * Creates a client with some options changed.
   *
   * The new client shares the connection limit and the retry budget with this one, unless `options` contains
   * `retryBudget` or `maxConnections`.
   *
   * @throws CometAPIError if an option is invalid
   */
  withOptions(options: Partial<ClientOptions>): this {
    const sharesBounds = options.retryBudget === undefined && options.maxConnections === undefined;
    // Constructors of subclasses must take the same parameters.
    const Client = this.constructor as new (...parameters: unknown[]) => this;
    const merged = { ...this.#options, ...options };
    return new Client(merged, this.#internals, sharesBounds ? this.#bounds : undefined);
  }

  /** Returns options that make the real `openai` send through this client: `new OpenAI(client.openai())`. */
  openai(): OpenAIHostOptions {
    return openai(this);
  }

  /** Returns options that make AI SDK providers send through this client: `createOpenAICompatible(client.aiSdk())`. */
  aiSdk(): AiSdkHostOptions {
    return aiSdk(this);
  }

  /**
   * Returns fields that make LangChain's `ChatOpenAI` send through this client.
   *
   * @example
   * new ChatOpenAI({ ...client.langchain(), model });
   */
  langchain(): LangchainHostOptions {
    return langchain(this);
  }

  /**
   * Sends a request to any other endpoint of CometAPI, with the retries and limits of the typed methods.
   *
   * Every attempt gets an HTTP span. Only requests to a documented text endpoint get a GenAI span.
   *
   * @throws APIError as the typed methods do
   */
  request<T = unknown>(options: FinalRequestOptions): APIPromise<T> {
    return requestAny<T>(this.#inside.startCall, options);
  }

  /** Sends a GET request; see {@link request}. */
  get<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'get', path });
  }

  /** Sends a POST request; see {@link request}. */
  post<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'post', path });
  }

  /** Sends a PUT request; see {@link request}. */
  put<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'put', path });
  }

  /** Sends a PATCH request; see {@link request}. */
  patch<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'patch', path });
  }

  /** Sends a DELETE request; see {@link request}. */
  delete<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'delete', path });
  }

  /**
   * Returns the URL of `path` below the base URL, with `defaultQuery` and `query`.
   *
   * @throws CometAPIError if the base URL and `path` do not form a valid URL
   */
  buildURL(path: string, query?: QueryLike | null): string {
    return requestUrl(path, this.#config.baseURL.href, [this.#options.defaultQuery, query]).href;
  }

  /**
   * Returns the request that {@link request} would send, without sending it.
   *
   * Does not include the API key and the retry count, which the client adds for each attempt.
   *
   * @throws CometAPIError for a path of another origin, an invalid header, or a body that cannot be JSON
   */
  async buildRequest(options: FinalRequestOptions): Promise<BuiltRequest> {
    const { url, method, headers, body } = encodeRequest(
      toCall(options),
      this.#config.baseURL,
      typedDefaults(this.#options),
      () => uuidV4(this.#internals.randomSource.randomBytes(16)),
    );
    return {
      req: { method, headers: headers.toHeaders(), body },
      url: url.href,
      timeout: options.timeout ?? this.timeout,
    };
  }

  /** Returns the base URL only. A path other than `/v1` may contain the name of a tenant, so it becomes `/…`. */
  toJSON(): { readonly baseURL: string } {
    const { origin, path } = this.#config.baseURL;
    return { baseURL: `${origin}${path === '' || path === '/v1' ? path : '/…'}` };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `CometAPI { baseURL: '${this.toJSON().baseURL}' }`;
  }

  static {
    compositionOf = (client) => client.#inside;
  }

  /** Default time limit of a JSON answer, in milliseconds. */
  static readonly DEFAULT_TIMEOUT = DEFAULTS.jsonTimeoutMs;

  static readonly CometAPI = CometAPI;
  static readonly OpenAI = CometAPI;
  static readonly CometAPIError = CometAPIError;
  static readonly OpenAIError = CometAPIError;
  static readonly APIError = APIError;
  static readonly APIConnectionError = APIConnectionError;
  static readonly APIConnectionTimeoutError = APIConnectionTimeoutError;
  static readonly APIUserAbortError = APIUserAbortError;
  static readonly BadRequestError = BadRequestError;
  static readonly AuthenticationError = AuthenticationError;
  static readonly PermissionDeniedError = PermissionDeniedError;
  static readonly NotFoundError = NotFoundError;
  static readonly ConflictError = ConflictError;
  static readonly UnprocessableEntityError = UnprocessableEntityError;
  static readonly RateLimitError = RateLimitError;
  static readonly InternalServerError = InternalServerError;
  static readonly UnexpectedResponseError = UnexpectedResponseError;
  static readonly RedirectError = RedirectError;
  static readonly StreamTruncatedError = StreamTruncatedError;
  static readonly StreamIdleError = StreamIdleError;
}

/** The types of `openai` under their names there, such as `OpenAI.Chat.ChatCompletionTool`. */
export declare namespace CometAPI {
  // Through the static member: `export type { APIError }` here would refer to itself.
  export type APIError = InstanceType<typeof CometAPI.APIError>;
  // biome-ignore format: one name per line would take five times the space
  export type {
    AllModels, Chat, ChatCompletion, ChatCompletionAllowedToolChoice, ChatCompletionAllowedTools,
    ChatCompletionAssistantMessageParam, ChatCompletionAudio, ChatCompletionAudioParam, ChatCompletionChunk,
    ChatCompletionContentPart, ChatCompletionContentPartImage, ChatCompletionContentPartInputAudio,
    ChatCompletionContentPartRefusal, ChatCompletionContentPartText, ChatCompletionCreateParams,
    ChatCompletionCreateParamsBase, ChatCompletionCreateParamsNonStreaming, ChatCompletionCreateParamsStreaming,
    ChatCompletionCustomTool, ChatCompletionDeleted, ChatCompletionDeveloperMessageParam,
    ChatCompletionFunctionCallOption, ChatCompletionFunctionMessageParam, ChatCompletionFunctionTool,
    ChatCompletionListParams, ChatCompletionMessage, ChatCompletionMessageCustomToolCall,
    ChatCompletionMessageFunctionToolCall, ChatCompletionMessageParam, ChatCompletionMessageToolCall,
    ChatCompletionModality, ChatCompletionNamedToolChoice, ChatCompletionNamedToolChoiceCustom,
    ChatCompletionParseParams, ChatCompletionPredictionContent, ChatCompletionReasoningEffort, ChatCompletionRole,
    ChatCompletionStoreMessage, ChatCompletionStreamOptions, ChatCompletionSystemMessageParam,
    ChatCompletionTokenLogprob, ChatCompletionTool, ChatCompletionToolChoiceOption, ChatCompletionToolMessageParam,
    ChatCompletionUpdateParams, ChatCompletionUserMessageParam, ChatModel, ClientOptions, ComparisonFilter,
    CompletionUsage, CompoundFilter, CustomToolInputFormat, ErrorObject, FunctionDefinition, FunctionParameters,
    Metadata, Model, ModelDeleted, Models, ModelsPage, ParsedChatCompletion, ParsedChatCompletionMessage,
    ParsedChatCompletionMessageToolCall, ParsedChoice, ParsedFunction, ParsedFunctionToolCall, Reasoning,
    ReasoningEffort, RequestOptions, ResponseFormatJSONObject, ResponseFormatJSONSchema, ResponseFormatText,
    ResponseFormatTextGrammar, ResponseFormatTextPython, Responses, ResponsesModel,
  };
}
