import type { ChatCompletion, ChatCompletionChunk, CompletionUsage } from 'openai/resources';
import type { Step } from '../step';
import type { Answer } from './answer';

/** Builds the JSON answer of `/v1/chat/completions`. */
export function chatCompletion(answer: Answer): ChatCompletion {
  return {
    id: `chatcmpl-${answer.id}`,
    object: 'chat.completion',
    created: answer.createdSeconds,
    model: answer.model,
    choices: choiceIndexes(answer).map((index) => ({
      index,
      message: {
        role: 'assistant',
        content: contentOf(answer),
        refusal: null,
        ...(answer.complete ? { annotations: [] } : {}),
        ...(answer.toolCall === undefined ? {} : { tool_calls: [functionCall(answer.toolCall)] }),
      },
      logprobs: null,
      finish_reason: finishReason(answer),
    })),
    ...(answer.usage === undefined ? {} : { usage: chatUsage(answer.usage) }),
    ...optionalFields(answer),
  };
}

/** Yields the events of a chat stream, including `[DONE]`. */
export function* chatEvents(answer: Answer, delayMs: number): Generator<Step> {
  const indexes = choiceIndexes(answer);
  const content = contentOf(answer) === null ? null : '';
  for (const index of indexes) {
    yield frame(answer, [{ index, delta: { role: 'assistant', content }, finish_reason: null }], 'delta');
  }
  for (const delta of deltas(answer)) {
    for (const index of indexes) {
      yield* pause(delayMs);
      yield frame(answer, [{ index, delta, finish_reason: null }], 'delta');
    }
  }
  for (const index of indexes) {
    yield frame(answer, [{ index, delta: {}, finish_reason: finishReason(answer) }], 'terminal');
  }
  if (answer.usageChunk && answer.usage !== undefined) {
    yield frame(answer, [], 'usage', chatUsage(answer.usage));
  }
  yield { kind: 'event', data: '[DONE]', part: 'done' };
}

/** Yields a pause before a delta if `delayMs` is above 0. */
export function* pause(delayMs: number): Generator<Step> {
  if (delayMs > 0) {
    yield { kind: 'wait', waitMs: delayMs };
  }
}

function* deltas(answer: Answer): Generator<ChatCompletionChunk.Choice.Delta> {
  const { toolCall } = answer;
  if (toolCall === undefined) {
    for (const content of answer.pieces) {
      yield { content };
    }
    return;
  }
  const half = toolCall.arguments.length >> 1;
  yield {
    tool_calls: [{ index: 0, id: toolCall.id, type: 'function', function: { name: toolCall.name, arguments: '' } }],
  };
  for (const part of [toolCall.arguments.slice(0, half), toolCall.arguments.slice(half)]) {
    yield { tool_calls: [{ index: 0, function: { arguments: part } }] };
  }
}

function frame(
  answer: Answer,
  choices: ChatCompletionChunk.Choice[],
  part: 'delta' | 'terminal' | 'usage',
  usage?: CompletionUsage,
): Step {
  const chunk: ChatCompletionChunk = {
    id: `chatcmpl-${answer.id}`,
    object: 'chat.completion.chunk',
    created: answer.createdSeconds,
    model: answer.model,
    choices,
    ...(usage === undefined ? {} : { usage }),
    ...optionalFields(answer),
  };
  return { kind: 'event', data: JSON.stringify(chunk), part };
}

function optionalFields(answer: Answer): Pick<ChatCompletion, 'service_tier' | 'system_fingerprint'> {
  return answer.complete ? { service_tier: 'default', system_fingerprint: 'fp_simulated' } : {};
}

function choiceIndexes(answer: Answer): readonly number[] {
  return Array.from({ length: answer.choiceCount }, (_, index) => index);
}

function contentOf(answer: Answer): string | null {
  return answer.ending === 'content_filter' || answer.ending === 'tool_calls' ? null : answer.pieces.join('');
}

/** Chat has no finish reason for a failed generation. `length` is the closest reason that is not a success. */
function finishReason(answer: Answer): 'stop' | 'length' | 'content_filter' | 'tool_calls' {
  return answer.ending === 'failed' ? 'length' : answer.ending;
}

function functionCall(toolCall: NonNullable<Answer['toolCall']>): {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
} {
  return { id: toolCall.id, type: 'function', function: { name: toolCall.name, arguments: toolCall.arguments } };
}

function chatUsage(usage: NonNullable<Answer['usage']>): CompletionUsage {
  return {
    prompt_tokens: usage.inputTokens,
    completion_tokens: usage.outputTokens,
    total_tokens: usage.inputTokens + usage.outputTokens,
    prompt_tokens_details: { cached_tokens: usage.cachedInputTokens, audio_tokens: 0 },
    completion_tokens_details: { reasoning_tokens: usage.reasoningTokens, audio_tokens: 0 },
  };
}
