import type { RequestFacts } from '../facts/call-facts';
import { type Label, modelLabel } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';
import type { OutputType } from '../facts/words';
import { isRequestField, serviceTier } from './closed-words';
import { conversationKey } from './conversation-key';
import {
  arrayField,
  asObject,
  compact,
  countField,
  field,
  type JsonObject,
  numberField,
  objectField,
  parseJson,
  stringField,
} from './json-values';

/** The shape of a request, and whether it asks for a stream. */
export interface RequestReading {
  readonly stream: boolean;
  readonly facts: RequestFacts;
  /** What the body calls the conversation; agents put the same into headers. */
  readonly conversationId: Label<'id'> | undefined;
}

/** Reads the parameters of a call; nothing but numbers, closed words and the model's name leaves here. */
export function readRequest(parameters: unknown, bodyBytes: number | undefined, guard: SecretGuard): RequestReading {
  const body = asObject(parameters);
  const names = body === undefined ? [] : Object.keys(body).filter((name) => body[name] !== undefined);
  const known = names.filter(isRequestField);
  return {
    stream: field(body, 'stream') === true,
    conversationId: conversationKey(field(body, 'prompt_cache_key'), guard),
    facts: compact<RequestFacts>({
      model: modelLabel(field(body, 'model'), guard),
      choiceCount: countField(body, 'n'),
      seed: numberField(body, 'seed'),
      maxTokens:
        countField(body, 'max_completion_tokens') ??
        countField(body, 'max_tokens') ??
        countField(body, 'max_output_tokens'),
      temperature: numberField(body, 'temperature'),
      topP: numberField(body, 'top_p'),
      frequencyPenalty: numberField(body, 'frequency_penalty'),
      presencePenalty: numberField(body, 'presence_penalty'),
      outputType: readOutputType(body),
      serviceTier: serviceTier(field(body, 'service_tier')),
      fields: known.sort(),
      otherFieldCount: names.length - known.length,
      messageCount: countEntries(body),
      toolCount: arrayField(body, 'tools')?.length,
      bodyBytes,
    }),
  };
}

/** The same for a body that is already text. */
export function readRequestText(text: string, bodyBytes: number, guard: SecretGuard): RequestReading {
  return readRequest(parseJson(text)?.value, bodyBytes, guard);
}

function countEntries(body: JsonObject | undefined): number | undefined {
  const entries = arrayField(body, 'messages') ?? arrayField(body, 'input');
  return entries?.length ?? (typeof field(body, 'input') === 'string' ? 1 : undefined);
}

function readOutputType(body: JsonObject | undefined): OutputType | undefined {
  const format = objectField(body, 'response_format') ?? objectField(objectField(body, 'text'), 'format');
  switch (stringField(format, 'type')) {
    case 'json_object':
    case 'json_schema':
      return 'json';
    case 'text':
      return 'text';
    default:
      return undefined;
  }
}
