import type { UsageFacts } from '../facts/call-facts';
import { asObject, compact, countField, objectField } from './json-values';

/** Tokens as reported, in the spelling of any of the three interfaces; absent when nothing was reported. */
export function readUsage(value: unknown): UsageFacts | undefined {
  const usage = asObject(value);
  if (usage === undefined) {
    return undefined;
  }
  const inputDetails = objectField(usage, 'input_tokens_details') ?? objectField(usage, 'prompt_tokens_details');
  const outputDetails = objectField(usage, 'output_tokens_details') ?? objectField(usage, 'completion_tokens_details');
  const facts = compact<UsageFacts>({
    inputTokens: countField(usage, 'input_tokens') ?? countField(usage, 'prompt_tokens'),
    outputTokens: countField(usage, 'output_tokens') ?? countField(usage, 'completion_tokens'),
    totalTokens: countField(usage, 'total_tokens'),
    cacheReadInputTokens: countField(inputDetails, 'cached_tokens') ?? countField(usage, 'cache_read_input_tokens'),
    cacheCreationInputTokens:
      countField(inputDetails, 'cache_creation_tokens') ?? countField(usage, 'cache_creation_input_tokens'),
    reasoningOutputTokens: countField(outputDetails, 'reasoning_tokens'),
  });
  return Object.keys(facts).length === 0 ? undefined : facts;
}
