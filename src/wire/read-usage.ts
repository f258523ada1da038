import type { UsageFacts } from '../facts/call-facts';
import type { Redactor } from '../facts/redaction/redactor';
import { asObject, compact, countField, type JsonObject, objectField } from './json';

/** Larger numbers have eight or more digits, so they could be part of a key. */
const MAX_HARMLESS = 9_999_999;

/** Reads token counts with the field names of all three APIs. Returns `undefined` if the server reports none. */
export function readUsage(value: unknown, redactor: Redactor): UsageFacts | undefined {
  const usage = asObject(value);
  if (usage === undefined) {
    return undefined;
  }
  const count = (object: JsonObject | undefined, name: string): number | undefined => {
    const reported = countField(object, name);
    return reported === undefined || (reported > MAX_HARMLESS && redactor.looksSensitive(String(reported)))
      ? undefined
      : reported;
  };
  const inputDetails = objectField(usage, 'input_tokens_details') ?? objectField(usage, 'prompt_tokens_details');
  const outputDetails = objectField(usage, 'output_tokens_details') ?? objectField(usage, 'completion_tokens_details');
  const facts = compact<UsageFacts>({
    inputTokens: count(usage, 'input_tokens') ?? count(usage, 'prompt_tokens'),
    outputTokens: count(usage, 'output_tokens') ?? count(usage, 'completion_tokens'),
    totalTokens: count(usage, 'total_tokens'),
    cacheReadInputTokens: count(inputDetails, 'cached_tokens') ?? count(usage, 'cache_read_input_tokens'),
    cacheCreationInputTokens:
      count(inputDetails, 'cache_creation_tokens') ?? count(usage, 'cache_creation_input_tokens'),
    reasoningOutputTokens: count(outputDetails, 'reasoning_tokens'),
  });
  return Object.keys(facts).length === 0 ? undefined : facts;
}
