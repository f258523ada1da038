// biome-ignore format: names, as many as fit a line.
import type {
  ApplyPatchTool, CompactedResponse, ComputerAction, ComputerActionList, ComputerTool, ComputerUsePreviewTool,
  ContainerAuto, ContainerNetworkPolicyAllowlist, ContainerNetworkPolicyDisabled, ContainerNetworkPolicyDomainSecret,
  ContainerReference, CustomTool, EasyInputMessage, FileSearchTool, FunctionShellTool, FunctionTool, ImageDetail,
  InlineSkill, InlineSkillSource, LocalEnvironment, LocalSkill, McpToolCallError, Response as ModelResponse,
  NamespaceTool, ParsedContent, ParsedResponse, ParsedResponseFunctionToolCall, ParsedResponseOutputItem,
  ParsedResponseOutputMessage, ParsedResponseOutputText, ResponseApplyPatchToolCall, ResponseApplyPatchToolCallOutput,
  ResponseAudioDeltaEvent, ResponseAudioDoneEvent, ResponseAudioTranscriptDeltaEvent, ResponseAudioTranscriptDoneEvent,
  ResponseCodeInterpreterCallCodeDeltaEvent, ResponseCodeInterpreterCallCodeDoneEvent,
  ResponseCodeInterpreterCallCompletedEvent, ResponseCodeInterpreterCallInProgressEvent,
  ResponseCodeInterpreterCallInterpretingEvent, ResponseCodeInterpreterToolCall, ResponseCompactionCompactingEvent,
  ResponseCompactionItem, ResponseCompactionItemParam, ResponseCompactParams, ResponseCompletedEvent,
  ResponseComputerToolCall, ResponseComputerToolCallOutputItem, ResponseComputerToolCallOutputScreenshot,
  ResponseConfigurationUpdateItem, ResponseConfigurationUpdateItemParam, ResponseContainerReference, ResponseContent,
  ResponseContentPartAddedEvent, ResponseContentPartDoneEvent, ResponseConversationParam, ResponseCreatedEvent,
  ResponseCreateParams, ResponseCreateParamsBase, ResponseCreateParamsNonStreaming, ResponseCreateParamsStreaming,
  ResponseCustomToolCall, ResponseCustomToolCallInputDeltaEvent, ResponseCustomToolCallInputDoneEvent,
  ResponseCustomToolCallItem, ResponseCustomToolCallOutput, ResponseCustomToolCallOutputItem, ResponseError,
  ResponseErrorEvent, ResponseFailedEvent, ResponseFileSearchCallCompletedEvent, ResponseFileSearchCallInProgressEvent,
  ResponseFileSearchCallSearchingEvent, ResponseFileSearchToolCall, ResponseFormatTextConfig,
  ResponseFormatTextJSONSchemaConfig, ResponseFunctionCallArgumentsDeltaEvent, ResponseFunctionCallArgumentsDoneEvent,
  ResponseFunctionCallOutputItem, ResponseFunctionCallOutputItemList, ResponseFunctionShellCallOutputContent,
  ResponseFunctionShellToolCall, ResponseFunctionShellToolCallOutput, ResponseFunctionToolCall,
  ResponseFunctionToolCallItem, ResponseFunctionToolCallOutputItem, ResponseFunctionWebSearch,
  ResponseImageGenCallCompletedEvent, ResponseImageGenCallGeneratingEvent, ResponseImageGenCallInProgressEvent,
  ResponseImageGenCallPartialImageEvent, ResponseIncludable, ResponseIncompleteEvent, ResponseInProgressEvent,
  ResponseInput, ResponseInputAudio, ResponseInputContent, ResponseInputFile, ResponseInputFileContent,
  ResponseInputImage, ResponseInputImageContent, ResponseInputItem, ResponseInputMessageContentList,
  ResponseInputMessageItem, ResponseInputText, ResponseInputTextContent, ResponseItem, ResponseLocalEnvironment,
  ResponseMcpCallArgumentsDeltaEvent, ResponseMcpCallArgumentsDoneEvent, ResponseMcpCallCompletedEvent,
  ResponseMcpCallFailedEvent, ResponseMcpCallInProgressEvent, ResponseMcpListToolsCompletedEvent,
  ResponseMcpListToolsFailedEvent, ResponseMcpListToolsInProgressEvent, ResponseOutputAudio, ResponseOutputItem,
  ResponseOutputItemAddedEvent, ResponseOutputItemDoneEvent, ResponseOutputMessage, ResponseOutputRefusal,
  ResponseOutputText, ResponseOutputTextAnnotationAddedEvent, ResponseParseParams, ResponsePrompt, ResponseQueuedEvent,
  ResponseReasoningItem, ResponseReasoningSummaryPartAddedEvent, ResponseReasoningSummaryPartDoneEvent,
  ResponseReasoningSummaryTextDeltaEvent, ResponseReasoningSummaryTextDoneEvent, ResponseReasoningTextDeltaEvent,
  ResponseReasoningTextDoneEvent, ResponseRefusalDeltaEvent, ResponseRefusalDoneEvent, ResponseRetrieveParams,
  ResponseRetrieveParamsBase, ResponseRetrieveParamsNonStreaming, ResponseRetrieveParamsStreaming,
  ResponseShellCallCommandAddedEvent, ResponseShellCallCommandDeltaEvent, ResponseShellCallCommandDoneEvent,
  ResponseShellCallOutputContentDeltaEvent, ResponseShellCallOutputContentDoneEvent, ResponseStatus,
  ResponseSteerAcceptedEvent, ResponseSteerErrorCode, ResponseSteerEvent, ResponseSteerFailedEvent, ResponseSteerInput,
  ResponseSteerInputContent, ResponseSteerInputItemList, ResponseSteerPendingEvent, ResponseSteerPendingReason,
  ResponseSteerRequiredInput, ResponseStreamEvent, ResponsesClientEvent, ResponsesServerEvent, ResponseTextConfig,
  ResponseTextDeltaEvent, ResponseTextDoneEvent, ResponseToolSearchCall, ResponseToolSearchOutputItem,
  ResponseToolSearchOutputItemParam, ResponseUsage, ResponseWebSearchCallCompletedEvent,
  ResponseWebSearchCallInProgressEvent, ResponseWebSearchCallSearchingEvent, ServiceTier, SkillReference, Tool,
  ToolChoiceAllowed, ToolChoiceApplyPatch, ToolChoiceCustom, ToolChoiceFunction, ToolChoiceMcp, ToolChoiceOptions,
  ToolChoiceShell, ToolChoiceTypes, ToolSearchOutputNamespaceTool, ToolSearchTool, WebSearchPreviewTool, WebSearchTool,
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
   * Sends `POST /v1/responses`. With `stream: true`, returns a {@link Stream} of events. Otherwise adds `output_text`.
   *
   * @throws APIError or a subclass. Its message never contains text from the server.
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

/** The types of `openai`, in the same namespace as in `openai`. */
export declare namespace Responses {
  // biome-ignore format: names, as many as fit a line.
  export type {
    ApplyPatchTool, CompactedResponse, ComputerAction, ComputerActionList, ComputerTool, ComputerUsePreviewTool,
    ContainerAuto, ContainerNetworkPolicyAllowlist, ContainerNetworkPolicyDisabled, ContainerNetworkPolicyDomainSecret,
    ContainerReference, CustomTool, EasyInputMessage, FileSearchTool, FunctionShellTool, FunctionTool, ImageDetail,
    InlineSkill, InlineSkillSource, LocalEnvironment, LocalSkill, McpToolCallError, ModelResponse as Response,
    NamespaceTool, ParsedContent, ParsedResponse, ParsedResponseFunctionToolCall, ParsedResponseOutputItem,
    ParsedResponseOutputMessage, ParsedResponseOutputText, ResponseApplyPatchToolCall, ResponseApplyPatchToolCallOutput,
    ResponseAudioDeltaEvent, ResponseAudioDoneEvent, ResponseAudioTranscriptDeltaEvent,
    ResponseAudioTranscriptDoneEvent, ResponseCodeInterpreterCallCodeDeltaEvent,
    ResponseCodeInterpreterCallCodeDoneEvent, ResponseCodeInterpreterCallCompletedEvent,
    ResponseCodeInterpreterCallInProgressEvent, ResponseCodeInterpreterCallInterpretingEvent,
    ResponseCodeInterpreterToolCall, ResponseCompactionCompactingEvent, ResponseCompactionItem,
    ResponseCompactionItemParam, ResponseCompactParams, ResponseCompletedEvent, ResponseComputerToolCall,
    ResponseComputerToolCallOutputItem, ResponseComputerToolCallOutputScreenshot, ResponseConfigurationUpdateItem,
    ResponseConfigurationUpdateItemParam, ResponseContainerReference, ResponseContent, ResponseContentPartAddedEvent,
    ResponseContentPartDoneEvent, ResponseConversationParam, ResponseCreatedEvent, ResponseCreateParams,
    ResponseCreateParamsBase, ResponseCreateParamsNonStreaming, ResponseCreateParamsStreaming, ResponseCustomToolCall,
    ResponseCustomToolCallInputDeltaEvent, ResponseCustomToolCallInputDoneEvent, ResponseCustomToolCallItem,
    ResponseCustomToolCallOutput, ResponseCustomToolCallOutputItem, ResponseError, ResponseErrorEvent,
    ResponseFailedEvent, ResponseFileSearchCallCompletedEvent, ResponseFileSearchCallInProgressEvent,
    ResponseFileSearchCallSearchingEvent, ResponseFileSearchToolCall, ResponseFormatTextConfig,
    ResponseFormatTextJSONSchemaConfig, ResponseFunctionCallArgumentsDeltaEvent, ResponseFunctionCallArgumentsDoneEvent,
    ResponseFunctionCallOutputItem, ResponseFunctionCallOutputItemList, ResponseFunctionShellCallOutputContent,
    ResponseFunctionShellToolCall, ResponseFunctionShellToolCallOutput, ResponseFunctionToolCall,
    ResponseFunctionToolCallItem, ResponseFunctionToolCallOutputItem, ResponseFunctionWebSearch,
    ResponseImageGenCallCompletedEvent, ResponseImageGenCallGeneratingEvent, ResponseImageGenCallInProgressEvent,
    ResponseImageGenCallPartialImageEvent, ResponseIncludable, ResponseIncompleteEvent, ResponseInProgressEvent,
    ResponseInput, ResponseInputAudio, ResponseInputContent, ResponseInputFile, ResponseInputFileContent,
    ResponseInputImage, ResponseInputImageContent, ResponseInputItem, ResponseInputMessageContentList,
    ResponseInputMessageItem, ResponseInputText, ResponseInputTextContent, ResponseItem, ResponseLocalEnvironment,
    ResponseMcpCallArgumentsDeltaEvent, ResponseMcpCallArgumentsDoneEvent, ResponseMcpCallCompletedEvent,
    ResponseMcpCallFailedEvent, ResponseMcpCallInProgressEvent, ResponseMcpListToolsCompletedEvent,
    ResponseMcpListToolsFailedEvent, ResponseMcpListToolsInProgressEvent, ResponseOutputAudio, ResponseOutputItem,
    ResponseOutputItemAddedEvent, ResponseOutputItemDoneEvent, ResponseOutputMessage, ResponseOutputRefusal,
    ResponseOutputText, ResponseOutputTextAnnotationAddedEvent, ResponseParseParams, ResponsePrompt,
    ResponseQueuedEvent, ResponseReasoningItem, ResponseReasoningSummaryPartAddedEvent,
    ResponseReasoningSummaryPartDoneEvent, ResponseReasoningSummaryTextDeltaEvent,
    ResponseReasoningSummaryTextDoneEvent, ResponseReasoningTextDeltaEvent, ResponseReasoningTextDoneEvent,
    ResponseRefusalDeltaEvent, ResponseRefusalDoneEvent, ResponseRetrieveParams, ResponseRetrieveParamsBase,
    ResponseRetrieveParamsNonStreaming, ResponseRetrieveParamsStreaming, ResponseShellCallCommandAddedEvent,
    ResponseShellCallCommandDeltaEvent, ResponseShellCallCommandDoneEvent, ResponseShellCallOutputContentDeltaEvent,
    ResponseShellCallOutputContentDoneEvent, ResponseStatus, ResponseSteerAcceptedEvent, ResponseSteerErrorCode,
    ResponseSteerEvent, ResponseSteerFailedEvent, ResponseSteerInput, ResponseSteerInputContent,
    ResponseSteerInputItemList, ResponseSteerPendingEvent, ResponseSteerPendingReason, ResponseSteerRequiredInput,
    ResponseStreamEvent, ResponsesClientEvent, ResponsesServerEvent, ResponseTextConfig, ResponseTextDeltaEvent,
    ResponseTextDoneEvent, ResponseToolSearchCall, ResponseToolSearchOutputItem, ResponseToolSearchOutputItemParam,
    ResponseUsage, ResponseWebSearchCallCompletedEvent, ResponseWebSearchCallInProgressEvent,
    ResponseWebSearchCallSearchingEvent, ServiceTier, SkillReference, Tool, ToolChoiceAllowed, ToolChoiceApplyPatch,
    ToolChoiceCustom, ToolChoiceFunction, ToolChoiceMcp, ToolChoiceOptions, ToolChoiceShell, ToolChoiceTypes,
    ToolSearchOutputNamespaceTool, ToolSearchTool, WebSearchPreviewTool, WebSearchTool,
  };
}
