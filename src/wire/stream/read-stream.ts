import type { ResponseFacts, UsageFacts } from '../../facts/call-facts';
import { type EndpointFamily, familyRow } from '../../facts/endpoints';
import type { FinishReason } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import { finishReason } from '../enum-values';
import { arrayField, asObject, compact, field, type JsonObject, objectField } from '../json';
import type { ReadContext } from '../read-context';
import { IDENTITY_FIELDS, MAX_REASONS, readFinishReasons, readIdentity } from '../read-response';
import { readUsage } from '../read-usage';

/** The effect of one event on its stream. */
export type StreamSignal =
  /** More events may follow. */
  | 'data'
  /** The response is complete. Only usage or `[DONE]` may follow. */
  | 'finished'
  /** The response is complete and the stream ends. */
  | 'terminal'
  /** The response reports that it failed, and the stream ends. */
  | 'failed'
  /** The event is an error. */
  | 'error';

/** Collects the facts of a stream from its parsed events. */
export interface StreamReader {
  read(event: string | undefined, value: unknown): StreamSignal;
  facts(): ResponseFacts;
}

export interface StreamReaderOptions {
  readonly family: EndpointFamily;
  readonly requestedModel: Identifier<'model'> | undefined;
  /** The number of choices that the request asks for. The response is complete when each has a finish reason. */
  readonly choiceCount: number | undefined;
  readonly context: ReadContext;
}

export function createStreamReader({
  family,
  requestedModel,
  choiceCount,
  context,
}: StreamReaderOptions): StreamReader {
  const { protocol } = familyRow(family);
  let facts: ResponseFacts = {};
  let usage: UsageFacts | undefined;
  let identity: readonly unknown[] = [];
  const reasons = new Map<number, FinishReason>();

  /** Later events add or replace facts. They never remove one. */
  const merge = (body: JsonObject): void => {
    // Checking four identifiers costs more than parsing the event, so check them only when one changes.
    if (IDENTITY_FIELDS.some((name, index) => field(body, name) !== identity[index])) {
      identity = IDENTITY_FIELDS.map((name) => field(body, name));
      facts = { ...facts, ...readIdentity(body, requestedModel, context) };
    }
    const reported = readUsage(field(body, 'usage'), context.redactor);
    usage = reported === undefined ? usage : { ...usage, ...reported };
  };

  /** Merges an object that describes the whole response. */
  const mergeWhole = (body: JsonObject): void => {
    merge(body);
    const [reason] = readFinishReasons(body);
    if (reason !== undefined) {
      reasons.set(0, reason);
    }
  };

  const readChat = (body: JsonObject): StreamSignal => {
    merge(body);
    for (const choice of arrayField(body, 'choices') ?? []) {
      const object = asObject(choice);
      const reason = finishReason(field(object, 'finish_reason'));
      const index = field(object, 'index');
      if (reason !== undefined && reasons.size < MAX_REASONS) {
        reasons.set(typeof index === 'number' ? index : 0, reason);
      }
    }
    return reasons.size >= Math.min(Math.max(1, choiceCount ?? 1), MAX_REASONS) ? 'finished' : 'data';
  };

  const readResponses = (body: JsonObject): StreamSignal => {
    const response = objectField(body, 'response');
    if (response !== undefined) {
      mergeWhole(response);
    }
    switch (field(body, 'type')) {
      case 'response.completed':
      case 'response.incomplete':
        return 'terminal';
      case 'response.failed':
      case 'response.cancelled':
        return 'failed';
      default:
        return 'data';
    }
  };

  const readMessages = (body: JsonObject): StreamSignal => {
    const message = objectField(body, 'message');
    if (message !== undefined) {
      mergeWhole(message);
    }
    const reported = readUsage(field(body, 'usage'), context.redactor);
    usage = reported === undefined ? usage : { ...usage, ...reported };
    const reason = finishReason(field(objectField(body, 'delta'), 'stop_reason'));
    if (reason !== undefined) {
      reasons.set(0, reason);
    }
    return field(body, 'type') === 'message_stop' ? 'terminal' : reasons.size > 0 ? 'finished' : 'data';
  };

  return {
    read(event, value) {
      const body = asObject(value);
      if (body === undefined) {
        return event === 'error' ? 'error' : 'data';
      }
      const error = field(body, 'error');
      if (event === 'error' || field(body, 'type') === 'error' || (error !== undefined && error !== null)) {
        return 'error';
      }
      switch (protocol) {
        case 'responses':
          return readResponses(body);
        case 'messages':
          return readMessages(body);
        case 'chat':
        case 'plain':
          return readChat(body);
        default:
          return protocol satisfies never;
      }
    },
    facts: () =>
      compact<ResponseFacts>({
        ...facts,
        finishReasons:
          reasons.size === 0 ? undefined : [...reasons.entries()].sort(([a], [b]) => a - b).map(([, reason]) => reason),
        usage,
      }),
  };
}
