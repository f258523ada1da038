import type { Family } from './exchange';

/** Documented request fields. Used only with the option `refuseUnknownParameters`. */
const DOCUMENTED: Readonly<Record<'chat' | 'responses' | 'messages', readonly string[]>> = {
  chat: [
    'model',
    'messages',
    'stream',
    'temperature',
    'top_p',
    'max_tokens',
    'max_completion_tokens',
    'response_format',
    'tools',
    'reasoning_effort',
    'logprobs',
    'n',
  ],
  responses: [
    'model',
    'input',
    'previous_response_id',
    'conversation',
    'instructions',
    'tools',
    'text',
    'reasoning',
    'max_output_tokens',
    'stream',
  ],
  messages: [
    'model',
    'messages',
    'max_tokens',
    'stream',
    'system',
    'temperature',
    'top_p',
    'top_k',
    'stop_sequences',
    'tools',
    'tool_choice',
    'metadata',
    'thinking',
  ],
};

/** Returns the first field that is not documented for this endpoint. */
export function unknownParameter(family: Family, fields: Readonly<Record<string, unknown>>): string | undefined {
  if (family !== 'chat' && family !== 'responses' && family !== 'messages') {
    return undefined;
  }
  return Object.keys(fields).find((name) => !DOCUMENTED[family].includes(name));
}
