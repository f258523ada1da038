import type { RecordedRequest } from '../../src/simulator/recorded-request';
import type { Canaries } from './leak-canaries';
import { isStreamed } from './leak-echoes';

const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

/** A valid answer with a canary in every field that a model can write, and in undocumented fields. */
export function privateAnswer(canaries: Canaries, request: RecordedRequest): string {
  const isResponses = request.path.includes('/responses');
  if (!isStreamed(request.bodyText)) {
    return JSON.stringify(isResponses ? response(canaries) : completion(canaries, 'message'));
  }
  const events = isResponses
    ? [
        { type: 'response.created', response: { ...response(canaries), output: [] } },
        { type: 'response.reasoning_summary_text.delta', delta: canaries.text('reasoning') },
        { type: 'response.refusal.delta', delta: canaries.text('refusal') },
        { type: 'response.output_text.delta', delta: canaries.text('answer') },
        { type: canaries.word('unknown event'), delta: canaries.text('unknown field') },
        { type: 'response.completed', response: response(canaries) },
      ]
    : [completion(canaries, 'delta', null), completion(canaries, 'delta')];
  return `: ${canaries.word('comment')}\n\n${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('')}data: [DONE]\n\n`;
}

function message(canaries: Canaries): unknown {
  return {
    role: 'assistant',
    content: canaries.text('answer'),
    refusal: canaries.text('refusal'),
    reasoning_content: canaries.text('reasoning'),
    annotations: [
      { type: 'url_citation', url_citation: { title: canaries.text('citation'), url: 'https://example.test/' } },
    ],
    audio: { id: 'audio_1', transcript: canaries.text('transcript') },
    tool_calls: [
      {
        index: 0,
        id: 'call_1',
        type: 'function',
        function: { name: canaries.word('answered tool'), arguments: canaries.text('answered arguments') },
      },
    ],
    [canaries.word('unknown field name')]: canaries.text('unknown field'),
  };
}

function completion(canaries: Canaries, part: 'message' | 'delta', finishReason: string | null = 'stop'): unknown {
  const logprobs = { content: [{ token: canaries.word('token'), logprob: -1, bytes: null, top_logprobs: [] }] };
  return {
    id: 'chatcmpl-private-answer',
    object: part === 'message' ? 'chat.completion' : 'chat.completion.chunk',
    created: 1,
    model: 'simulated-model',
    choices: [{ index: 0, [part]: message(canaries), logprobs, finish_reason: finishReason }],
    content: [{ type: 'text', text: canaries.text('answer') }],
    usage: { ...USAGE, [canaries.word('unknown field name')]: canaries.text('unknown field') },
  };
}

function response(canaries: Canaries): Readonly<Record<string, unknown>> {
  return {
    id: 'resp_private_answer',
    object: 'response',
    status: 'completed',
    model: 'simulated-model',
    instructions: canaries.text('answered instructions'),
    metadata: { [canaries.word('answered metadata name')]: canaries.text('answered metadata value') },
    output: [
      { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: canaries.text('reasoning') }] },
      {
        type: 'message',
        id: 'msg_1',
        role: 'assistant',
        content: [{ type: 'output_text', text: canaries.text('answer') }],
      },
      {
        type: 'function_call',
        id: 'fc_1',
        name: canaries.word('answered tool'),
        arguments: canaries.text('answered arguments'),
      },
    ],
    usage: { input_tokens: 3, output_tokens: 2, total_tokens: 5 },
  };
}
