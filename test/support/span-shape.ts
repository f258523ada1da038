import { SpanKind, SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** The parts of a span that tests compare. */
export interface SpanShape {
  readonly name: string;
  readonly kind: string;
  /** Name of the parent among the given spans; `remote` for another, `none` for a root. */
  readonly parent: string;
  readonly status: string;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * The spans as plain objects, in the order they ended.
 *
 * @throws Error if a span has events or a status description, which the client must never set
 */
export function spanShapes(spans: readonly ReadableSpan[]): SpanShape[] {
  const names = new Map(spans.map((span) => [span.spanContext().spanId, span.name]));
  return spans.map((span) => {
    if (span.events.length > 0 || span.status.message !== undefined) {
      throw new Error(`The span ${span.name} has events or a status description.`);
    }
    const parent = span.parentSpanContext;
    return {
      name: span.name,
      kind: SpanKind[span.kind],
      parent: parent === undefined ? 'none' : (names.get(parent.spanId) ?? 'remote'),
      status: SpanStatusCode[span.status.code],
      attributes: span.attributes,
    };
  });
}
