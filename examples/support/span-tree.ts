import { SpanStatusCode } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';

/** The attributes that the tree shows. */
const SHOWN = [
  'http.response.status_code',
  'http.request.resend_count',
  'error.type',
  'cometapi.call.ending',
  'gen_ai.usage.output_tokens',
];

/** Draws spans as trees. Children follow their parents, in the order of their start. */
export function drawSpanTree(spans: readonly ReadableSpan[]): string {
  const childrenOf = Map.groupBy(spans, (span) => parentOf(span, spans));
  const draw = (span: ReadableSpan, indent: string, branch: string): string[] => {
    const children = sorted(childrenOf.get(span.spanContext().spanId) ?? []);
    const below = indent + (branch === '' ? '' : branch === '├─ ' ? '│  ' : '   ');
    return [
      lineOf(span, `${indent}${branch}${span.name}`),
      ...children.flatMap((child, at) => draw(child, below, at === children.length - 1 ? '└─ ' : '├─ ')),
    ];
  };
  return sorted(childrenOf.get('root') ?? [])
    .flatMap((span) => draw(span, '', ''))
    .join('\n');
}

function lineOf(span: ReadableSpan, title: string): string {
  const milliseconds = (span.duration[0] * 1_000 + span.duration[1] / 1_000_000).toFixed(0);
  const attributes = SHOWN.filter((name) => span.attributes[name] !== undefined).map(
    (name) => `${name}=${span.attributes[name]}`,
  );
  const status = span.status.code === SpanStatusCode.ERROR ? 'ERROR  ' : '';
  return `${title.padEnd(32)} ${milliseconds.padStart(5)} ms  ${status}${attributes.join('  ')}`;
}

function parentOf(span: ReadableSpan, all: readonly ReadableSpan[]): string {
  const parentId = span.parentSpanContext?.spanId;
  return parentId !== undefined && all.some((other) => other.spanContext().spanId === parentId) ? parentId : 'root';
}

function sorted(spans: readonly ReadableSpan[]): ReadableSpan[] {
  return [...spans].sort((a, b) => a.startTime[0] - b.startTime[0] || a.startTime[1] - b.startTime[1]);
}
