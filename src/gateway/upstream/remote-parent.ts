import { type Context, context, isSpanContextValid, type SpanContext, trace } from '@opentelemetry/api';

/** See https://www.w3.org/TR/trace-context/#traceparent-header. Later versions may append; version ff is invalid. */
const TRACEPARENT = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/;

/** Returns the parent context of a request: the active span of the server, otherwise the agent's `traceparent`. */
export function remoteParent(headers: Headers): Context {
  const active = context.active();
  const parent = trace.getSpan(active) === undefined ? parse(headers.get('traceparent')) : undefined;
  return parent === undefined ? active : trace.setSpanContext(active, parent);
}

function parse(traceparent: string | null): SpanContext | undefined {
  const match = TRACEPARENT.exec(traceparent?.trim() ?? '');
  const [, traceId = '', spanId = '', flags = '00'] = match ?? [];
  const parent = { traceId, spanId, traceFlags: Number.parseInt(flags, 16) & 1, isRemote: true };
  return isSpanContextValid(parent) ? parent : undefined;
}
