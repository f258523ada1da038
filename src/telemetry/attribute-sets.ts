import type { Span } from '@opentelemetry/api';
import type { AttemptFacts, AttributeFact, CallFacts, CallOpening } from '../facts/call-facts';
import type { AttemptOpening } from '../facts/observer';
import {
  ATTEMPT_OPENING_ROWS,
  ATTEMPT_ROWS,
  type AttributeSet,
  CLOSED_ROWS,
  OPENING_ROWS,
  type Row,
  type Signal,
  TOKEN_ROWS,
  type TokenType,
} from './attributes';
import { isGenAiCall } from './gen-ai-call';
import type { ModelLimit } from './model-limit';
import { ATTR_URL_TEMPLATE } from './semconv';

/** Builds the attributes of each signal from the attribute table. */
export interface AttributeSets {
  genAiStart(call: CallOpening): AttributeSet;
  /** Writes to the span directly, because the span would copy an object anyway. */
  genAiEnd(call: CallFacts, span: Span): void;
  httpStart(call: CallOpening, attempt: AttemptOpening): AttributeSet;
  httpEnd(attempt: AttemptFacts, span: Span): void;
  event(call: CallFacts): AttributeSet;
  httpDuration(call: CallOpening, attempt: AttemptFacts): AttributeSet;
  operationDuration(call: CallFacts): AttributeSet;
  tokenUsage(call: CallFacts, type: TokenType): AttributeSet;
  firstChunk(call: CallFacts): AttributeSet;
  attempts(call: CallFacts): AttributeSet;
  retryDelay(call: CallOpening, attempt: AttemptFacts): AttributeSet;
}

/** @param limit limits the model names on metrics; spans and events have no limit */
export function createAttributeSets(urlTemplate: boolean, limit: ModelLimit): AttributeSets {
  const opening = bySignal(urlTemplate ? OPENING_ROWS : OPENING_ROWS.filter((row) => row.name !== ATTR_URL_TEMPLATE));
  const attemptOpening = bySignal(ATTEMPT_OPENING_ROWS);
  const attempt = bySignal(ATTEMPT_ROWS);
  const closed = bySignal(CLOSED_ROWS);
  const token = bySignal(TOKEN_ROWS);

  const spanStart = (signal: 'gen_ai_span' | 'http_span', call: CallOpening): AttributeSet =>
    fill({}, opening[signal], call);
  const metric = (signal: Signal, call: CallFacts): AttributeSet =>
    fill(fill({}, opening[signal], call, limit), closed[signal], call, limit);

  return {
    genAiStart: (call) => addUsersOwn(spanStart('gen_ai_span', call), call.attributes),
    genAiEnd: (call, span) => write(span, closed.gen_ai_span, call),
    httpStart(call, opened) {
      const attributes = fill(spanStart('http_span', call), attemptOpening.http_span, opened);
      return isGenAiCall(call) ? attributes : addUsersOwn(attributes, call.attributes);
    },
    httpEnd: (facts, span) => write(span, attempt.http_span, facts),
    event(call) {
      const signal = isGenAiCall(call) ? 'gen_ai_span' : 'http_event';
      return addUsersOwn(fill(fill({}, opening[signal], call), closed[signal], call), call.attributes);
    },
    httpDuration: (call, facts) => fill(fill({}, opening.http_duration, call), attempt.http_duration, facts),
    operationDuration: (call) => metric('operation_duration', call),
    tokenUsage: (call, type) => fill(metric('token_usage', call), token.token_usage, type),
    firstChunk: (call) => metric('first_chunk', call),
    attempts: (call) => metric('attempts', call),
    retryDelay: (call, facts) => fill(fill({}, opening.retry_delay, call), attempt.retry_delay, facts),
  };
}

/** Groups the rows by signal once, so that calls need not search the table. */
function bySignal<Source>(rows: readonly Row<Source>[]): Readonly<Record<Signal, readonly Row<Source>[]>> {
  const pick = (signal: Signal): readonly Row<Source>[] => rows.filter((row) => row.on.includes(signal));
  return {
    gen_ai_span: pick('gen_ai_span'),
    http_span: pick('http_span'),
    http_event: pick('http_event'),
    http_duration: pick('http_duration'),
    operation_duration: pick('operation_duration'),
    token_usage: pick('token_usage'),
    first_chunk: pick('first_chunk'),
    attempts: pick('attempts'),
    retry_delay: pick('retry_delay'),
  };
}

function fill<Source>(
  attributes: AttributeSet,
  rows: readonly Row<Source>[],
  source: Source,
  limit?: ModelLimit,
): AttributeSet {
  for (const row of rows) {
    const fact = row.fact(source);
    if (fact !== undefined) {
      attributes[row.name] = row.isModel && limit !== undefined ? limit(fact) : fact;
    }
  }
  return attributes;
}

function write<Source>(span: Span, rows: readonly Row<Source>[], source: Source): void {
  for (const row of rows) {
    const fact = row.fact(source);
    if (fact !== undefined) {
      span.setAttribute(row.name, typeof fact === 'object' ? [...fact] : fact);
    }
  }
}

function addUsersOwn(attributes: AttributeSet, own: readonly AttributeFact[]): AttributeSet {
  for (const { name, value } of own) {
    attributes[name] = value;
  }
  return attributes;
}
