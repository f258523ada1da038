import { isSpanContextValid, type Span, type SpanContext } from '@opentelemetry/api';
import type { Label } from '../facts/label';
import type { SpanIds } from '../facts/observer';

/** Ids of a span that is being recorded; none for one that nobody will ever find. */
export function recordedIds(span: Span): SpanIds | undefined {
  const ids = span.spanContext();
  if (!span.isRecording() || !isSpanContextValid(ids)) {
    return undefined;
  }
  // Just proved to be 32 and 16 hexadecimal digits, which is within the grammar of ids.
  return { traceId: ids.traceId as Label<'id'>, spanId: ids.spanId as Label<'id'> };
}

/**
 * The W3C header of a span, written by hand: a registered propagator could add baggage or tracestate, and those are not
 * for a third party (L-10).
 */
export function traceparentOf(span: Span): string | undefined {
  const ids = idsOf(span);
  if (ids === undefined || !isSpanContextValid(ids)) {
    return undefined;
  }
  return `00-${ids.traceId}-${ids.spanId}-${(ids.traceFlags & 0xff).toString(16).padStart(2, '0')}`;
}

/** Asked on the way of a request, behind no guard: a span that fails here must not fail the request. */
function idsOf(span: Span): SpanContext | undefined {
  try {
    return span.spanContext();
  } catch {
    return undefined;
  }
}
