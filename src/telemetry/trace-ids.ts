import { isSpanContextValid, type Span, type SpanContext } from '@opentelemetry/api';
import type { Identifier } from '../facts/identifier';
import type { SpanIds } from '../facts/observer';

/** Returns the ids of a recording span. A span that is not recorded is never exported, so its ids would be useless. */
export function recordedIds(span: Span): SpanIds | undefined {
  const ids = span.spanContext();
  if (!span.isRecording() || !isSpanContextValid(ids)) {
    return undefined;
  }
  // `isSpanContextValid` proved 32 and 16 hexadecimal digits, which match the pattern of ids.
  return { traceId: ids.traceId as Identifier<'id'>, spanId: ids.spanId as Identifier<'id'> };
}

/**
 * Returns the W3C `traceparent` of a span. Does not use the registered propagator, which could add baggage or
 * `tracestate`: they may contain private data, and CometAPI is a third party.
 */
export function traceparentOf(span: Span): string | undefined {
  const ids = idsOf(span);
  if (ids === undefined || !isSpanContextValid(ids)) {
    return undefined;
  }
  return `00-${ids.traceId}-${ids.spanId}-${(ids.traceFlags & 0xff).toString(16).padStart(2, '0')}`;
}

/** Catches errors of the span, because this runs while a request is sent and must not fail it. */
function idsOf(span: Span): SpanContext | undefined {
  try {
    return span.spanContext();
  } catch {
    return undefined;
  }
}
