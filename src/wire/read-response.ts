import type { ResponseFacts } from '../facts/call-facts';
import { type EndpointFamily, type FamilyRow, familyRow } from '../facts/endpoints';
import type { FinishReason } from '../facts/enums';
import type { Identifier } from '../facts/identifier';
import type { Writable } from '../facts/writable';
import { finishReason, serviceTier } from './enum-values';
import { arrayField, asObject, field, type JsonObject, objectField } from './json';
import { answeredModel, type ReadContext, serverIdentifier } from './read-context';
import { readUsage } from './read-usage';

/** The shape and the facts of a whole JSON response. */
export interface ResponseReading {
  /** `error`: contains an error object. `unexpected`: not the documented shape. `failed`: has the status `failed`. */
  readonly shape: 'ok' | 'failed' | 'error' | 'unexpected';
  readonly facts?: ResponseFacts | undefined;
}

/** Reads a whole JSON response. A success status is not enough: the body needs its documented shape and no error. */
export function readResponse(
  value: unknown,
  family: EndpointFamily,
  requestedModel: Identifier<'model'> | undefined,
  context: ReadContext,
): ResponseReading {
  const { answer, protocol } = familyRow(family);
  if (answer === undefined) {
    return { shape: 'ok' };
  }
  const body = asObject(value);
  const error = field(body, 'error');
  if (body === undefined || !isAnswer(body, answer)) {
    return { shape: error === undefined || error === null ? 'unexpected' : 'error' };
  }
  const facts = protocol === 'plain' ? {} : readFacts(body, requestedModel, context);
  if (protocol === 'responses') {
    return { shape: field(body, 'status') === 'failed' ? 'failed' : 'ok', facts };
  }
  return {
    shape: error === undefined || error === null ? 'ok' : 'error',
    facts: Object.keys(facts).length > 0 ? facts : undefined,
  };
}

function isAnswer(body: JsonObject, { array, object }: NonNullable<FamilyRow['answer']>): boolean {
  return arrayField(body, array) !== undefined || (object !== undefined && field(body, 'object') === object);
}

/** Reads the facts of a whole response, or of the `response` or `message` object in a stream event. */
export function readFacts(
  body: JsonObject,
  requestedModel: Identifier<'model'> | undefined,
  context: ReadContext,
): ResponseFacts {
  const facts: Writable<ResponseFacts> = readIdentity(body, requestedModel, context);
  const reasons = readFinishReasons(body);
  if (reasons.length > 0) {
    facts.finishReasons = reasons;
  }
  const usage = readUsage(field(body, 'usage'), context.redactor);
  if (usage !== undefined) {
    facts.usage = usage;
  }
  return facts;
}

/** The fields that {@link readIdentity} reads. Every event of a chat stream repeats them. */
export const IDENTITY_FIELDS = ['id', 'model', 'service_tier', 'system_fingerprint'] as const;

/** Reads which response this is and what answered. */
export function readIdentity(
  body: JsonObject,
  requestedModel: Identifier<'model'> | undefined,
  context: ReadContext,
): ResponseFacts {
  const id = serverIdentifier('id', field(body, 'id'), context);
  const model = answeredModel(field(body, 'model'), requestedModel, context);
  const tier = serviceTier(field(body, 'service_tier'));
  const systemFingerprint = serverIdentifier('fingerprint', field(body, 'system_fingerprint'), context);
  const facts: Writable<ResponseFacts> = {};
  if (id !== undefined) {
    facts.id = id;
  }
  if (model !== undefined) {
    facts.model = model;
  }
  if (tier !== undefined) {
    facts.serviceTier = tier;
  }
  if (systemFingerprint !== undefined) {
    facts.systemFingerprint = systemFingerprint;
  }
  return facts;
}

/** Maximum number of finish reasons in the facts. More would be noise on a span. */
export const MAX_REASONS = 16;

export function readFinishReasons(body: JsonObject): readonly FinishReason[] {
  const choices = arrayField(body, 'choices');
  const words =
    choices === undefined
      ? [readStatus(body)]
      : choices.slice(0, MAX_REASONS).map((choice) => finishReason(field(asObject(choice), 'finish_reason')));
  return words.filter((word) => word !== undefined);
}

/** The Responses API sends `status`, with a reason if it is `incomplete`. The Messages API sends `stop_reason`. */
function readStatus(body: JsonObject): FinishReason | undefined {
  const status = field(body, 'status');
  if (status === 'incomplete') {
    return finishReason(field(objectField(body, 'incomplete_details'), 'reason')) ?? 'incomplete';
  }
  return status === 'in_progress' || status === 'queued'
    ? undefined
    : finishReason(status ?? field(body, 'stop_reason'));
}
