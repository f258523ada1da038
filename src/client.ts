// biome-ignore format: names, as many as fit a line.
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
// biome-ignore format: names, as many as fit a line.
import type {
  AllModels, ChatModel, ComparisonFilter, CompoundFilter, CustomToolInputFormat, ErrorObject, FunctionDefinition,
  FunctionParameters, Metadata, Reasoning, ReasoningEffort, ResponseFormatJSONObject, ResponseFormatJSONSchema,
  ResponseFormatText, ResponseFormatTextGrammar, ResponseFormatTextPython, ResponsesModel,
} from 'openai/resources/shared';
import { encodeRequest } from './call/encode-request';
import { requestUrl } from './call/request-url';
import type { RetryBudgetSnapshot } from './call/retry-budget';
import { SharedBounds } from './call/shared-bounds';
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
} from './hosts/host-options';
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

/** How the gateway, which is built apart and knows only the entry's names, reaches inside; a symbol is no public name. */
const INSIDE_OF = Symbol.for('cometapi-otel.inside-of');

/**
 * A client of CometAPI, shaped like `openai`'s for chat and responses. Every call is traced, bounded and recorded; no
 * prompt, answer or key leaves through any of that.
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
   * Like `globalThis.fetch`, for other SDKs: requests to the base URL's origin get the key, retries within bounds, spans
   * and a record; the last response is returned whatever its status, its body unread. Other origins pass straight through.
   *
   * @throws what fetch throws: the signal's reason, `TimeoutError`, or a TypeError with a closed word as `code`
   */
  readonly fetch: Fetch;

  readonly #options: ClientOptions;
  readonly #config: Config;
  readonly #internals: Internals;
  readonly #bounds: SharedBounds;
  readonly #inside: Composition;

  /** @throws CometAPIError naming every problem of options and environment, never a value */
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

  get baseURL(): string {
    return this.#config.baseURL.text;
  }

  get maxRetries(): number {
    return this.#config.maxRetries;
  }

  /** Milliseconds to the end of a JSON body; streams have 120,000 to their headers unless it was set. */
  get timeout(): number {
    return this.#config.timeoutMs ?? DEFAULTS.jsonTimeoutMs;
  }

  get logLevel(): LogLevel {
    return this.#config.logLevel;
  }

  /** The budget that bounds retries across calls; `undefined` when it is off. */
  get retryBudget(): { snapshot(): RetryBudgetSnapshot } | undefined {
    return this.#inside.budget;
  }

  /** What became of the record file's lines, and records made of facts with this client's words and secrets. */
  get records(): ClientRecords {
    return this.#inside.records;
  }

  /**
   * A client with some options changed. It shares the connections and the retry budget of this one, unless these are
   * what is changed.
   */
  withOptions(options: Partial<ClientOptions>): this {
    const sharesBounds = options.retryBudget === undefined && options.maxConnections === undefined;
    // A subclass is made by its own constructor, which takes what this one takes.
    const Client = this.constructor as new (...parameters: unknown[]) => this;
    const merged = { ...this.#options, ...options };
    return new Client(merged, this.#internals, sharesBounds ? this.#bounds : undefined);
  }

  /** Options of the real `openai` that make it send through this client: `new OpenAI(client.openai())`. */
  openai(): OpenAIHostOptions {
    return openai(this);
  }

  /** Options of a provider of the AI SDK that make it send through this client: `createOpenAICompatible(client.aiSdk())`. */
  aiSdk(): AiSdkHostOptions {
    return aiSdk(this);
  }

  /** Fields of LangChain's `ChatOpenAI` that make it send through this client: `new ChatOpenAI({ ...client.langchain(), model })`. */
  langchain(): LangchainHostOptions {
    return langchain(this);
  }

  /** Any other endpoint of the gateway: retries, bounds and an HTTP span as for the typed ones, but no usage trace. */
  request<T = unknown>(options: FinalRequestOptions): APIPromise<T> {
    return requestAny<T>(this.#inside.startCall, options);
  }

  get<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'get', path });
  }

  post<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'post', path });
  }

  put<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'put', path });
  }

  patch<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'patch', path });
  }

  delete<T = unknown>(path: string, options?: MethodOptions): APIPromise<T> {
    return this.request<T>({ ...options, method: 'delete', path });
  }

  /** The URL of a path below the base URL, with `defaultQuery` and `query`. */
  buildURL(path: string, query?: QueryLike | null): string {
    return requestUrl(path, this.#config.baseURL.href, [this.#options.defaultQuery, query]).href;
  }

  /**
   * What {@link request} would send, without what joins it at each attempt: the key and the retry count.
   *
   * @throws CometAPIError for a path of another origin, a header that cannot be sent, or a body that is no JSON
   */
  async buildRequest(options: FinalRequestOptions): Promise<BuiltRequest> {
    const { url, method, headers, body } = encodeRequest(
      toCall(options),
      this.#config.baseURL,
      typedDefaults(this.#options),
      () => uuidV4(this.#internals.chance.randomBytes(16)),
    );
    return {
      req: { method, headers: headers.toHeaders(), body },
      url: url.href,
      timeout: options.timeout ?? this.timeout,
    };
  }

  /** Where requests go, and nothing that is secret; a path of the operator's own may name a tenant, so it is `/…`. */
  toJSON(): { readonly baseURL: string } {
    const { origin, path } = this.#config.baseURL;
    return { baseURL: `${origin}${path === '' || path === '/v1' ? path : '/…'}` };
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return `CometAPI { baseURL: '${this.toJSON().baseURL}' }`;
  }

  static {
    Object.defineProperty(CometAPI, INSIDE_OF, { value: (client: CometAPI) => client.#inside });
  }

  /** Milliseconds; of a JSON answer. */
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

/** The types of `openai` under the names they have there, such as `OpenAI.Chat.ChatCompletionTool`. */
export declare namespace CometAPI {
  // Said through the static member: a namespace that exports the class by its name would point at itself.
  export type APIError = InstanceType<typeof CometAPI.APIError>;
  // biome-ignore format: names, as many as fit a line.
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
