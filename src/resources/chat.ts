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
import type { ChatModel } from 'openai/resources/shared';
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
   * Sends `POST /v1/chat/completions`. With `stream: true`, returns a {@link Stream} of chunks.
   *
   * @throws APIError or a subclass. Its message never contains text from the server.
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

/** The types of `openai`, in the same namespace as in `openai`. */
export declare namespace Completions {
  // biome-ignore format: names, as many as fit a line.
  export type {
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
  };
}

export declare namespace Chat {
  // biome-ignore format: names, as many as fit a line.
  export type {
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
    ChatCompletionToolMessageParam, ChatCompletionUpdateParams, ChatCompletionUserMessageParam, ChatModel, Completions,
    ParsedChatCompletion, ParsedChatCompletionMessage, ParsedChatCompletionMessageToolCall, ParsedChoice,
    ParsedFunction, ParsedFunctionToolCall,
  };
}
