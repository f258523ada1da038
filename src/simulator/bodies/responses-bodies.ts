import type { Response, ResponseOutputItem, ResponseStreamEvent } from 'openai/resources/responses/responses';
import type { EventPart, Step } from '../step';
import type { Answer } from './answer';
import { pause } from './chat-bodies';

/** A response as sent over the network. SDKs add `output_text`. */
export type WireResponse = Omit<Response, 'output_text'>;

/** Request fields that a response repeats, as documented. */
export type Echoed = Partial<Pick<WireResponse, 'instructions' | 'metadata' | 'previous_response_id'>>;

/** Builds the JSON answer of `/v1/responses`. */
export function responseObject(answer: Answer, echoed: Echoed): WireResponse {
  return snapshot(answer, echoed, finalStatus(answer), outputItems(answer, 'completed'));
}

/** Yields the events of a responses stream: created, in_progress, the output, exactly one terminal event. */
export function* responseEvents(answer: Answer, echoed: Echoed, delayMs: number, done: boolean): Generator<Step> {
  let sequence = 0;
  const event = (body: WireEvent, part: EventPart = 'delta'): Step => ({
    kind: 'event',
    name: body.type,
    data: JSON.stringify({ ...body, sequence_number: sequence++ }),
    part,
  });
  const started = snapshot(answer, echoed, 'in_progress', []);
  yield event({ type: 'response.created', response: started });
  yield event({ type: 'response.in_progress', response: started });
  for (const body of outputEvents(answer)) {
    if (body.type.endsWith('.delta')) {
      yield* pause(delayMs);
    }
    yield event(body);
  }
  const status = finalStatus(answer);
  yield event({ type: `response.${status}`, response: responseObject(answer, echoed) }, 'terminal');
  if (done) {
    yield { kind: 'event', data: '[DONE]', part: 'done' };
  }
}

/** An event without `sequence_number`. Its `response` lacks fields that SDKs add. */
type WireEvent = ResponseStreamEvent extends infer Event
  ? Event extends { response: Response }
    ? Omit<Event, 'sequence_number' | 'response'> & { readonly type: string; readonly response: WireResponse }
    : Omit<Event, 'sequence_number'> & { readonly type: string }
  : never;

function* outputEvents(answer: Answer): Generator<WireEvent> {
  const [opened] = outputItems(answer, 'in_progress');
  const [closed] = outputItems(answer, 'completed');
  if (opened === undefined || closed === undefined) {
    return;
  }
  yield { type: 'response.output_item.added', output_index: 0, item: opened };
  yield* answer.toolCall === undefined ? textEvents(answer) : argumentEvents(answer, answer.toolCall);
  yield { type: 'response.output_item.done', output_index: 0, item: closed };
}

function* textEvents(answer: Answer): Generator<WireEvent> {
  const place = { item_id: `msg_${answer.id}`, output_index: 0, content_index: 0 };
  const text = answer.pieces.join('');
  yield { type: 'response.content_part.added', ...place, part: { type: 'output_text', text: '', annotations: [] } };
  for (const delta of answer.pieces) {
    yield { type: 'response.output_text.delta', ...place, delta, logprobs: [] };
  }
  yield { type: 'response.output_text.done', ...place, text, logprobs: [] };
  yield { type: 'response.content_part.done', ...place, part: { type: 'output_text', text, annotations: [] } };
}

function* argumentEvents(answer: Answer, toolCall: NonNullable<Answer['toolCall']>): Generator<WireEvent> {
  const place = { item_id: `fc_${answer.id}`, output_index: 0 };
  const half = toolCall.arguments.length >> 1;
  for (const delta of [toolCall.arguments.slice(0, half), toolCall.arguments.slice(half)]) {
    yield { type: 'response.function_call_arguments.delta', ...place, delta };
  }
  yield { type: 'response.function_call_arguments.done', ...place, arguments: toolCall.arguments };
}

function outputItems(answer: Answer, status: 'in_progress' | 'completed'): ResponseOutputItem[] {
  const { toolCall } = answer;
  if (answer.ending === 'content_filter') {
    return [];
  }
  const itemStatus = status === 'completed' && answer.ending === 'length' ? 'incomplete' : status;
  if (toolCall !== undefined) {
    return [
      {
        id: `fc_${answer.id}`,
        type: 'function_call',
        status: itemStatus,
        call_id: toolCall.id,
        name: toolCall.name,
        arguments: status === 'completed' ? toolCall.arguments : '',
      },
    ];
  }
  const text = answer.pieces.join('');
  return [
    {
      id: `msg_${answer.id}`,
      type: 'message',
      role: 'assistant',
      status: itemStatus,
      content: status === 'completed' ? [{ type: 'output_text', text, annotations: [], logprobs: [] }] : [],
    },
  ];
}

function snapshot(
  answer: Answer,
  echoed: Echoed,
  status: 'in_progress' | 'completed' | 'failed' | 'incomplete',
  output: ResponseOutputItem[],
): WireResponse {
  return {
    id: `resp_${answer.id}`,
    object: 'response',
    created_at: answer.createdSeconds,
    status,
    error: status === 'failed' ? { code: 'server_error', message: 'simulated: the generation failed' } : null,
    incomplete_details:
      status === 'incomplete'
        ? { reason: answer.ending === 'content_filter' ? 'content_filter' : 'max_output_tokens' }
        : null,
    instructions: echoed.instructions ?? null,
    metadata: echoed.metadata ?? null,
    access_programs: null,
    model: answer.model,
    output: status === 'failed' ? [] : output,
    parallel_tool_calls: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_p: 1,
    ...(answer.complete
      ? {
          previous_response_id: echoed.previous_response_id ?? null,
          service_tier: 'default' as const,
          truncation: 'disabled' as const,
        }
      : {}),
    ...(status === 'in_progress' || answer.usage === undefined ? {} : { usage: responseUsage(answer.usage) }),
  };
}

function finalStatus(answer: Answer): 'completed' | 'failed' | 'incomplete' {
  switch (answer.ending) {
    case 'stop':
    case 'tool_calls':
      return 'completed';
    case 'length':
    case 'content_filter':
      return 'incomplete';
    case 'failed':
      return 'failed';
    default: {
      const never: never = answer.ending;
      return never;
    }
  }
}

function responseUsage(usage: NonNullable<Answer['usage']>): NonNullable<WireResponse['usage']> {
  return {
    input_tokens: usage.inputTokens,
    input_tokens_details: { cached_tokens: usage.cachedInputTokens, cache_write_tokens: 0 },
    output_tokens: usage.outputTokens,
    output_tokens_details: { reasoning_tokens: usage.reasoningTokens },
    total_tokens: usage.inputTokens + usage.outputTokens,
  };
}
