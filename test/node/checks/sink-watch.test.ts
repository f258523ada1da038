import { describe, expect, test } from 'vitest';
import { createSecretGuard } from '../../../src/facts/secret-guard';
import { LeakFoundError, SinkWatch } from '../../../src/node/checks/sink-watch';
import { watchOutput } from '../../../src/node/checks/watch-output';
import { watchedMeterProvider, watchedTracerProvider } from '../../../src/node/checks/watched-telemetry';

const canary = 'canary-5f0e1a2b3c4d5e6f70819203';
const watch = () => new SinkWatch(createSecretGuard([canary]));

describe('SinkWatch', () => {
  test.each([
    ['as it is', canary],
    ['in base64', Buffer.from(`x${canary}`).toString('base64')],
    ['in hexadecimal', Buffer.from(canary).toString('hex')],
    ['inside JSON inside JSON', JSON.stringify(JSON.stringify({ prompt: canary }))],
  ])('sees a canary %s, and names the sink alone', (_name, text) => {
    const sinks = watch();
    expect(sinks.sees('spans', 'nothing of it')).toBe(true);
    sinks.check();
    expect(sinks.sees('spans', `… ${text} …`)).toBe(false);
    expect(() => sinks.check()).toThrow(new LeakFoundError('spans'));
    expect(new LeakFoundError('spans').message).toBe('A canary was found in spans.');
  });

  test('sees one that two writes cut in two, and none that is spread over two sinks', () => {
    const sinks = watch();
    sinks.sees('stdout', canary.slice(0, 12));
    sinks.sees('stderr', canary.slice(12));
    sinks.check();
    sinks.sees('stdout', canary.slice(12));
    expect(() => sinks.check()).toThrow('A canary was found in stdout.');
  });
});

describe('what is watched', () => {
  test('stdout and stderr: a write with a canary does not get through, its callback is called, others pass', async () => {
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

  test('spans: names, attributes, events and status, with and without a provider', () => {
    const told: string[] = [];
    const span = watchedTracerProvider((text) => told.push(text))
      .getTracer('scope')
      .startSpan('name of a span', { attributes: { a: 'first' } });
    expect(span.isRecording()).toBe(true);
    expect(span.setAttribute('b', 'second').addEvent('third', { c: 'fourth' })).toBeDefined();
    span.setStatus({ code: 2, message: 'fifth' });
    span.end();
    for (const text of ['name of a span', 'first', 'second', 'third', 'fourth', 'fifth']) {
      expect(told.join()).toContain(text);
    }
    // Nobody will ever find this span, so no record names it.
    expect(span.spanContext().traceId).toBe('00000000000000000000000000000000');
  });

  test('metrics: what is measured, and its attributes', () => {
    const told: string[] = [];
    const meter = watchedMeterProvider((text) => told.push(text)).getMeter('scope');
    meter.createHistogram('name of a metric').record(1, { a: 'first' });
    expect(told.join()).toMatch(/name of a metric.*first/);
  });
});
