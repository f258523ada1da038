import { type LoggerProvider, type LogRecord, logs, metrics, trace } from '@opentelemetry/api';
import { describe, expect, test } from 'vitest';
import { LeakFoundError, type SinkName, SinkWatch } from '../../../src/cli/checks/sink-watch';
import { textWithin } from '../../../src/cli/checks/text-within';
import { watchOutput } from '../../../src/cli/checks/watch-output';
import { watchedMeterProvider, watchedTracerProvider, watchProviders } from '../../../src/cli/checks/watched-telemetry';
import { createRedactor } from '../../../src/facts/redaction/redactor';

const canary = 'canary-5f0e1a2b3c4d5e6f70819203';
const watch = () => new SinkWatch(createRedactor([canary]));

describe('SinkWatch', () => {
  test.each([
    ['in plain text', canary],
    ['in base64', Buffer.from(`x${canary}`).toString('base64')],
    ['in hexadecimal', Buffer.from(canary).toString('hex')],
    ['inside JSON inside JSON', JSON.stringify(JSON.stringify({ prompt: canary }))],
  ])('detects a canary %s, and names only the sink', (_name, text) => {
    const sinks = watch();
    expect(sinks.sees('spans', 'nothing of it')).toBe(true);
    sinks.check();
    expect(sinks.sees('spans', `… ${text} …`)).toBe(false);
    expect(() => sinks.check()).toThrow(new LeakFoundError('spans'));
    expect(new LeakFoundError('spans').message).toBe('A canary was found in spans.');
  });

  test('detects a canary split over two writes, but not one split over two sinks', () => {
    const sinks = watch();
    sinks.sees('stdout', canary.slice(0, 12));
    sinks.sees('stderr', canary.slice(12));
    sinks.check();
    sinks.sees('stdout', canary.slice(12));
    expect(() => sinks.check()).toThrow('A canary was found in stdout.');
  });
});

describe('watched sinks', () => {
  test('stdout and stderr: withholds a write that contains a canary, calls its callback, and passes other writes', async () => {
    const through: string[] = [];
    const own = process.stderr.write;
    process.stderr.write = (text: string | Uint8Array) => through.push(String(text)) > 0;
    const seen: string[] = [];
    const restore = watchOutput((sink, text) => {
      seen.push(`${sink}: ${text}`);
      return !text.includes(canary);
    });
    try {
      process.stderr.write('fine\n');
      await new Promise<void>((resolve) => process.stderr.write(Buffer.from(`${canary}\n`), () => resolve()));
    } finally {
      restore();
      process.stderr.write = own;
    }
    expect(through).toEqual(['fine\n']);
    expect(seen).toEqual(['stderr: fine\n', `stderr: ${canary}\n`]);
  });

  /** Records every text, and reports a text with the canary as a leak. */
  const listening = () => {
    const told: string[] = [];
    const sees = (sink: SinkName, text: string): boolean => {
      told.push(`${sink}: ${text}`);
      return !text.includes(canary);
    };
    return { told, sees };
  };

  test('searches span names, attributes, events, exceptions and statuses, even without a provider', () => {
    const { told, sees } = listening();
    const span = watchedTracerProvider(sees)
      .getTracer('scope')
      .startSpan('name of a span', { attributes: { a: 'first' } });
    expect(span.isRecording()).toBe(true);
    expect(span.setAttribute('b', 'second').addEvent('third', { c: 'fourth' })).toBeDefined();
    span.setStatus({ code: 2, message: 'fifth' });
    span.recordException(new Error('sixth', { cause: new Error('seventh') }));
    span.end();
    for (const text of ['name of a span', 'first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh']) {
      expect(told.join()).toContain(text);
    }
    // This span is not exported, so a record must not refer to it.
    expect(span.spanContext().traceId).toBe('00000000000000000000000000000000');
  });

  test('searches metric names and attributes', () => {
    const { told, sees } = listening();
    const meter = watchedMeterProvider(sees).getMeter('scope');
    meter.createHistogram('name of a metric').record(1, { a: 'first' });
    expect(told.join('\n')).toMatch(/name of a metric[\s\S]*first/);
  });

  test('registered providers receive clean values only, and are restored afterwards', () => {
    const emitted: LogRecord[] = [];
    const provider: LoggerProvider = {
      getLogger: () => ({ enabled: () => false, emit: (record) => void emitted.push(record) }),
    };
    const { getLogger } = provider;
    logs.setGlobalLoggerProvider(provider);
    try {
      const { told, sees } = listening();
      const restore = watchProviders(sees);
      const logger = logs.getLogger('another library');
      expect(logger.enabled()).toBe(true);
      logger.emit({ body: 'fine' });
      logger.emit({ body: { messages: [{ content: `it is ${canary}` }] } });
      logger.emit({ attributes: { raw: new TextEncoder().encode(canary) } });
      metrics.getMeter('m').createCounter('c').add(1, { prompt: canary });
      const span = trace.getTracer('t').startSpan(canary);
      trace.getTracer('t').startActiveSpan('a', { attributes: { canary } }, (inner) => inner.end());
      restore();
      expect(span.isRecording()).toBe(false);
      expect(emitted).toEqual([{ body: 'fine' }]);
      const leaking = told.filter((text) => text.includes(canary)).map((text) => text.split(':')[0]);
      expect(leaking).toEqual(['log_events', 'log_events', 'metrics', 'spans', 'spans']);
      logs.getLogger('later').emit({ body: canary });
      expect(emitted).toHaveLength(2);
      expect(provider.getLogger).toBe(getLogger);
      expect(Object.hasOwn(trace.getTracerProvider(), 'getTracer')).toBe(false);
    } finally {
      logs.disable();
    }
  });
});

describe('textWithin', () => {
  test('returns text from every nested value, and stops at cycles and at the maximum depth', () => {
    const circle: Record<string, unknown> = { text: 'in a circle' };
    circle['self'] = circle;
    const deep = Array.from({ length: 50 }).reduce<unknown>((inner) => [inner], 'too deep');
    const value = [circle, new Map([['in a', 'map']]), new Set(['in a set']), 12n, 7, Buffer.from('in bytes'), deep];
    expect(textWithin(value).split('\n')).toEqual(
      expect.arrayContaining(['text', 'in a circle', 'in a', 'map', 'in a set', '12', '7', 'in bytes']),
    );
    expect(textWithin(value)).not.toContain('too deep');
    expect(textWithin(undefined)).toBe('');
  });
});
