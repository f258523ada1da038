import type { ChatCompletionCreateParams } from 'openai/resources/chat/completions';
import type { ResponseCreateParams } from 'openai/resources/responses/responses';
import type { ClientOptions, RequestOptions } from '../../src/config/options';
import type { Canaries } from './leak-canaries';

/** A chat request with a canary in every field that a person can write. */
export function privateChat(canaries: Canaries, stream: boolean): ChatCompletionCreateParams {
  const name = canaries.word('tool name');
  return {
    model: privateModel(canaries),
    messages: [
      { role: 'system', content: canaries.text('system text') },
      { role: 'user', content: canaries.text('prompt') },
      {
        role: 'assistant',
        tool_calls: [
          {
            id: canaries.word('tool call id'),
            type: 'function',
            function: { name, arguments: JSON.stringify({ text: canaries.text('tool arguments') }) },
          },
        ],
      },
      { role: 'tool', tool_call_id: canaries.word('tool call id'), content: canaries.text('tool result') },
    ],
    tools: [{ type: 'function', function: { name, description: canaries.text('tool description') } }],
    metadata: { [canaries.word('metadata name')]: canaries.text('metadata value') },
    user: canaries.text('user'),
    safety_identifier: canaries.text('safety_identifier'),
    prompt_cache_key: canaries.text('prompt_cache_key'),
    stop: [canaries.text('stop')],
    response_format: {
      type: 'json_schema',
      json_schema: { name: canaries.word('schema name'), schema: { title: canaries.text('schema') } },
    },
    stream,
  };
}

/** A request of the responses API with a canary in every field that a person can write. */
export function privateResponse(canaries: Canaries, stream: boolean, followsUp: boolean): ResponseCreateParams {
  const name = canaries.word('tool name');
  return {
    model: privateModel(canaries),
    instructions: canaries.text('system text'),
    input: [
      { role: 'user', content: canaries.text('prompt') },
      {
        type: 'function_call',
        call_id: canaries.word('tool call id'),
        name,
        arguments: canaries.text('tool arguments'),
      },
      { type: 'function_call_output', call_id: canaries.word('tool call id'), output: canaries.text('tool result') },
    ],
    ...(followsUp && { previous_response_id: canaries.word('previous_response_id') }),
    tools: [{ type: 'function', name, description: canaries.text('tool description'), parameters: {}, strict: true }],
    metadata: { [canaries.word('metadata name')]: canaries.text('metadata value') },
    user: canaries.text('user'),
    safety_identifier: canaries.text('safety_identifier'),
    prompt_cache_key: canaries.text('prompt_cache_key'),
    text: {
      format: { type: 'json_schema', name: canaries.word('schema name'), schema: { title: canaries.text('schema') } },
    },
    stream,
  };
}

/** A model name that must not be recorded: a fine-tune name, which contains an organization, or prose. */
function privateModel(canaries: Canaries): string {
  const text = canaries.text('model');
  return text.includes(' ') ? text : `ft:gpt-4.1:${text}::a1b2c3`;
}

/** Client options with a canary in each. */
export function privateOptions(canaries: Canaries): ClientOptions {
  return {
    apiKey: canaries.apiKey,
    baseURL: `https://gateway.example/${canaries.word('base URL path')}/v1`,
    defaultHeaders: {
      [`x-${canaries.lowercase('default header name')}`]: canaries.word('default header value'),
      cookie: `session=${canaries.word('cookie')}`,
      'user-agent': `agent/${canaries.word('user agent')}`,
    },
    defaultQuery: { [canaries.lowercase('default query name')]: canaries.text('default query value') },
    telemetry: { attributes: privateAttributes(canaries, 'client') },
  };
}

/** Call options with a canary in each. */
export function privateCallOptions(canaries: Canaries): RequestOptions {
  return {
    headers: { [`x-${canaries.lowercase('header name')}`]: canaries.word('header value') },
    query: { [canaries.lowercase('query name')]: canaries.text('query value') },
    idempotencyKey: canaries.word('idempotency key'),
    telemetry: { attributes: privateAttributes(canaries, 'call') },
    // These options are recorded if they are words, so they contain prose here, which must be dropped.
    requestId: `request ${canaries.word('request id')}`,
    runId: `run ${canaries.word('run id')}`,
  };
}

function privateAttributes(canaries: Canaries, of: string): Readonly<Record<string, string>> {
  return {
    [`Name ${canaries.word(`${of} attribute name`)}`]: 'x',
    'shop.note': `note ${canaries.word(`${of} attribute value`)}`,
    'shop.key': canaries.apiKey,
  };
}
