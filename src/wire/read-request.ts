import type { RequestFacts } from '../facts/call-facts';
import type { OutputType, RequestField } from '../facts/enums';
import { type Identifier, modelIdentifier } from '../facts/identifier';
import type { Redactor } from '../facts/redaction/redactor';
import type { Writable } from '../facts/writable';
import { conversationKey } from './conversation-key';
import { isRequestField, serviceTier } from './enum-values';
import {
  arrayField,
  asCount,
  asNumber,
  asObject,
  countField,
  field,
  type JsonObject,
  objectField,
  parseJson,
  stringField,
} from './json';

/** The facts of a request, and the fields that a call needs. */
export interface RequestReading {
  readonly stream: boolean;
  readonly facts: RequestFacts;
  /** The conversation id in the body. Agents also send it in headers. */
  readonly conversationId: Identifier<'id'> | undefined;
}

/** Reads the parameters of a call. Returns only numbers, enum values, the model name and the conversation id. */
export function readRequest(parameters: unknown, bodyBytes: number | undefined, redactor: Redactor): RequestReading {
  const body = asObject(parameters);
  const fields: RequestField[] = [];
  const facts: Writable<RequestFacts> = { fields, otherFieldCount: 0 };
  // Iterate over the fields of the request: it has a few of about forty known fields.
  for (const name of body === undefined ? [] : Object.keys(body)) {
    const value = body?.[name];
    if (value === undefined) {
      continue;
    }
    if (isRequestField(name)) {
      fields.push(name);
      readField(facts, name, value, redactor);
    } else {
      facts.otherFieldCount++;
    }
  }
  fields.sort();
  put(
    facts,
    'maxTokens',
    countField(body, 'max_completion_tokens') ??
      countField(body, 'max_tokens') ??
      countField(body, 'max_output_tokens'),
  );
  put(facts, 'outputType', readOutputType(body));
  put(facts, 'messageCount', countEntries(body));
  put(facts, 'bodyBytes', bodyBytes);
  return {
    stream: field(body, 'stream') === true,
    conversationId: conversationKey(field(body, 'prompt_cache_key'), redactor),
    facts,
  };
}

/** Reads a parameter that alone determines a fact. */
function readField(facts: Writable<RequestFacts>, name: RequestField, value: unknown, redactor: Redactor): void {
  switch (name) {
    case 'model':
      put(facts, 'model', modelIdentifier(value, redactor));
      break;
    case 'n':
      put(facts, 'choiceCount', asCount(value));
      break;
    case 'seed':
      put(facts, 'seed', asNumber(value));
      break;
    case 'temperature':
      put(facts, 'temperature', asNumber(value));
      break;
    case 'top_p':
      put(facts, 'topP', asNumber(value));
      break;
    case 'frequency_penalty':
      put(facts, 'frequencyPenalty', asNumber(value));
      break;
    case 'presence_penalty':
      put(facts, 'presencePenalty', asNumber(value));
      break;
    case 'service_tier':
      put(facts, 'serviceTier', serviceTier(value));
      break;
    case 'tools':
      put(facts, 'toolCount', Array.isArray(value) ? value.length : undefined);
      break;
    default:
  }
}

function put<Name extends keyof RequestFacts>(
  facts: Writable<RequestFacts>,
  name: Name,
  value: RequestFacts[Name] | undefined,
): void {
  if (value !== undefined) {
    facts[name] = value;
  }
}

/** Reads the parameters of a JSON body. */
export function readRequestText(text: string, bodyBytes: number, redactor: Redactor): RequestReading {
  return readRequest(parseJson(text)?.value, bodyBytes, redactor);
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
