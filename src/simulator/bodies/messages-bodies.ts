import type { EventPart, Step } from '../step';
import type { Answer } from './answer';
import { pause } from './chat-bodies';

type Json = Readonly<Record<string, unknown>>;

/** Builds the JSON answer of `/v1/messages`. */
export function message(answer: Answer): Json {
  return {
    ...opening(answer),
    content: contentBlocks(answer),
    stop_reason: stopReason(answer),
    ...(answer.usage === undefined ? {} : { usage: messageUsage(answer.usage) }),
  };
}

/** Yields the events of a messages stream, from `message_start` to `message_stop`. */
export function* messageEvents(answer: Answer, delayMs: number): Generator<Step> {
  const { usage } = answer;
  yield event({
    type: 'message_start',
    message: {
      ...opening(answer),
      ...(usage === undefined ? {} : { usage: { ...messageUsage(usage), output_tokens: 1 } }),
    },
  });
  for (const [index, block] of contentBlocks(answer).entries()) {
    const isTool = block['type'] === 'tool_use';
    const empty = isTool ? { ...block, input: {} } : { type: 'text', text: '' };
    yield event({ type: 'content_block_start', index, content_block: empty });
    yield event({ type: 'ping' });
    for (const piece of isTool ? [answer.toolCall?.arguments ?? '{}'] : answer.pieces) {
      yield* pause(delayMs);
      const delta = isTool ? { type: 'input_json_delta', partial_json: piece } : { type: 'text_delta', text: piece };
      yield event({ type: 'content_block_delta', index, delta });
    }
    yield event({ type: 'content_block_stop', index });
  }
  yield event(
    {
      type: 'message_delta',
      delta: { stop_reason: stopReason(answer), stop_sequence: null },
      ...(usage === undefined ? {} : { usage: { output_tokens: usage.outputTokens } }),
    },
    'terminal',
  );
  yield event({ type: 'message_stop' }, 'terminal');
}

function event(body: Json & { readonly type: string }, part: EventPart = 'delta'): Step {
  return { kind: 'event', name: body.type, data: JSON.stringify(body), part };
}

function opening(answer: Answer): Json {
  return {
    id: `msg_${answer.id}`,
    type: 'message',
    role: 'assistant',
    model: answer.model,
    content: [],
    stop_reason: null,
    stop_sequence: null,
  };
}

function contentBlocks(answer: Answer): readonly Json[] {
  const { toolCall } = answer;
  if (answer.ending === 'content_filter') {
    return [];
  }
  if (toolCall !== undefined) {
    // Not from the network: the text is our default or an option of the test.
    const input: unknown = JSON.parse(toolCall.arguments);
    return [{ type: 'tool_use', id: toolCall.id, name: toolCall.name, input }];
  }
  return [{ type: 'text', text: answer.pieces.join('') }];
}

/** Returns the `stop_reason`. A failed generation is reported by an error event instead. */
function stopReason(answer: Answer): string {
  const words: Readonly<Record<Answer['ending'], string>> = {
    stop: 'end_turn',
    length: 'max_tokens',
    content_filter: 'refusal',
    tool_calls: 'tool_use',
    failed: 'end_turn',
  };
  return words[answer.ending];
}

function messageUsage(usage: NonNullable<Answer['usage']>): Json {
  return {
    input_tokens: usage.inputTokens,
    output_tokens: usage.outputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: usage.cachedInputTokens,
  };
}
