import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { scenario } from 'cometapi-otel/testing';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Canary, randomText, randomWord } from '../support/leak-canaries';
import { findLeaks } from '../support/leak-scanner';
import { otlpJsonLines } from '../support/otlp-json';
import { type RecordingTelemetry, startRecordingTelemetry } from '../support/recording-telemetry';
import { spanShapes } from '../support/span-shape';
import { type BenchOptions, CHAT, CHAT_STREAM, type GatewayBench, RESPONSE_STREAM, startBench } from './gateway-bench';

let telemetry: RecordingTelemetry;
let bench: GatewayBench;
beforeEach(() => {
  telemetry = startRecordingTelemetry();
});
afterEach(async () => {
  await bench.close();
  await telemetry.shutdown();
});
const start = async (options?: BenchOptions): Promise<GatewayBench> => {
  bench = await startBench(options);
  return bench;
};

const TRACE_ID = '0af7651916cd43dd8448eb211c80319c';
const SPAN_ID = 'b7ad6b7169203331';
const UUID = '01a20123-5280-734e-9311-3b901ba7480c';

describe('one trace from agent to model', () => {
  test('the agent’s traceparent is the remote parent, and attempts are children of the call', async () => {
    const { post, simulator, ended } = await start();
    simulator.use(scenario.fail(503, { retryAfterMs: 50 }).times(1));
    const answer = await post('/v1/responses', RESPONSE_STREAM, {
      headers: {
        traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`,
        originator: 'codex_exec',
        'user-agent': 'codex_exec/0.169.0 (Debian 13; x86_64)',
        'session-id': '01a2-conversation',
      },
    });
    await answer.text();
    await ended(1);
    const spans = telemetry.spans();
    expect(spans.map((span) => span.spanContext().traceId)).toEqual([TRACE_ID, TRACE_ID, TRACE_ID]);
    expect(spanShapes(spans).map(({ name, parent }) => [name, parent])).toEqual([
      ['POST /v1/responses', 'chat simulated-model'],
      ['POST /v1/responses', 'chat simulated-model'],
      ['chat simulated-model', 'remote'],
    ]);
    expect(spans[2]?.parentSpanContext).toMatchObject({ spanId: SPAN_ID, isRemote: true });
    expect(spans[2]?.attributes).toMatchObject({
      'gen_ai.conversation.id': '01a2-conversation',
      'cometapi.agent.name': 'codex',
      'cometapi.agent.version': '0.169.0',
      'gen_ai.usage.input_tokens': 12,
      'cometapi.call.attempts': 2,
    });
    expect(simulator.requests.map(({ headers }) => headers['traceparent'])).toEqual([undefined, undefined]);
  });

  test('with propagate, sends a traceparent of the same trace upstream, but no tracestate or baggage', async () => {
    const { post, simulator, ended } = await start({ telemetry: { propagate: true } });
    await post('/v1/chat/completions', CHAT, {
      headers: { traceparent: `00-${TRACE_ID}-${SPAN_ID}-01`, tracestate: 'made=up', baggage: 'made=up' },
    });
    await ended(1);
    const { headers } = simulator.requests[0] ?? { headers: {} as Record<string, string> };
    expect(headers['traceparent']).toMatch(new RegExp(`^00-${TRACE_ID}-(?!${SPAN_ID})[0-9a-f]{16}-01$`));
    expect([headers['tracestate'], headers['baggage']]).toEqual([undefined, undefined]);
  });

  test.each([
    '',
    'garbage',
    `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
    `ff-${TRACE_ID}-${SPAN_ID}-01`,
  ])('ignores an invalid traceparent (%j)', async (traceparent) => {
    const { post, ended } = await start();
    await post('/v1/chat/completions', CHAT, { headers: { traceparent } });
    await ended(1);
    expect(telemetry.spans().map((span) => span.parentSpanContext?.isRemote ?? false)).toEqual([false, false]);
    expect(telemetry.spans().every((span) => span.spanContext().traceId !== TRACE_ID)).toBe(true);
  });

  test('a refused request creates no span', async () => {
    const { send } = await start();
    await send('/v1/models', { headers: { authorization: 'Bearer wrong' } });
    await send('/v1/unknown');
    expect(telemetry.spans()).toEqual([]);
  });
});

describe('agent and conversation', () => {
  test.each([
    ['session-id', { 'session-id': 'c-1' }, {}, 'c-1'],
    ['session_id', { session_id: 'c-1' }, {}, 'c-1'],
    ['x-session-id', { 'x-session-id': 'c-1' }, {}, 'c-1'],
    ['x-claude-code-session-id', { 'x-claude-code-session-id': 'c-1' }, {}, 'c-1'],
    ['prompt_cache_key', {}, { prompt_cache_key: UUID }, UUID],
    ['prompt_cache_key of Qwen Code', {}, { prompt_cache_key: `qwen-code:${UUID}` }, `qwen-code:${UUID}`],
    [
      'prompt_cache_key of OpenCode',
      {},
      { prompt_cache_key: 'ses_dfedc82b8ffeFqfXCRAUnyEipN' },
      'ses_dfedc82b8ffeFqfXCRAUnyEipN',
    ],
    ['a header wins over the body', { 'session-id': 'c-1' }, { prompt_cache_key: UUID }, 'c-1'],
    ['ignores a prompt_cache_key that a person may have written', {}, { prompt_cache_key: 'jane.doe-1980' }, undefined],
    ['ignores prose', { 'session-id': 'a private sentence' }, { prompt_cache_key: 'another one, here' }, undefined],
  ])('conversation: %s', async (_name, headers, body, conversationId) => {
    const { post, ended } = await start();
    await post('/v1/chat/completions', { ...CHAT, ...body }, { headers });
    expect((await ended(1))[0]?.conversationId).toBe(conversationId);
  });

  test.each([
    ['codex_exec/0.169.0 (Debian 13; x86_64) unknown', { originator: 'codex_exec' }, 'codex', '0.169.0'],
    ['opencode/1.18.33 ai-sdk/provider-utils/4.0.23 runtime/bun/1.3.14', {}, 'opencode', '1.18.33'],
    ['QwenCode/0.24.4 (linux; x64)', { 'x-stainless-lang': 'js' }, 'qwen-code', '0.24.4'],
    ['OpenAI/JS 6.26.0', {}, 'openai-js', '6.26.0'],
    ['Agents/JavaScript 0.20.0', {}, 'openai-agents-js', '0.20.0'],
    ['ls/JS 5.23.2', {}, 'openai-js', '5.23.2'],
    ['ai-sdk/openai-compatible/3.0.37 runtime/bun', {}, 'ai-sdk', '3.0.37'],
    ['ai-sdk-openai/4.0.118 ai-sdk-provider-utils/5.0.81 node.js/24', {}, 'ai-sdk', '4.0.118'],
    ['ai/7.0.173 ai-sdk-provider-utils/5.0.81 node.js/24', {}, 'ai-sdk', '7.0.173'],
    ['claude-cli/2.1.330 (external, cli)', {}, 'claude-code', '2.1.330'],
    ['OpenAI/JS 5.20.1', { 'x-initiator': 'user' }, 'copilot', undefined],
    ['unknown-client/1.0 (test)', {}, '_OTHER', undefined],
  ])('agent: %s', async (userAgent, headers, name, version) => {
    const { post, ended } = await start();
    await post('/v1/chat/completions', CHAT, { headers: { 'user-agent': userAgent, ...headers } });
    expect((await ended(1))[0]?.agent).toEqual({ name, ...(version !== undefined && { version }) });
  });

  test('uses the option agent only if requests identify no more than an SDK', async () => {
    const { post, ended } = await start({ agent: 'pi' });
    await post('/v1/chat/completions', CHAT, { headers: { 'user-agent': 'OpenAI/JS 6.26.0' } });
    await post('/v1/chat/completions', CHAT, { headers: { 'user-agent': 'opencode/1.18.33' } });
    expect((await ended(2)).map(({ agent }) => agent)).toEqual([
      { name: 'pi' },
      { name: 'opencode', version: '1.18.33' },
    ]);
  });
});

describe('privacy', () => {
  test('spans, metrics, logs, records and gateway errors contain no key, prompt, device id or header value', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'gateway-leaks-'));
    const recordFile = join(folder, 'records.jsonl');
    const words = new Map<string, string>();
    const word = (place: string): string => {
      const found = words.get(place) ?? randomWord();
      words.set(place, found);
      return found;
    };
    const logged: string[] = [];
    const log = (...parts: unknown[]): void => void logged.push(parts.map((part) => JSON.stringify(part)).join(' '));
    const { simulator, send, post, token, ended } = await start({
      token: `local-${randomText(24)}`,
      recordFile,
      logLevel: 'debug',
      logger: { error: log, warn: log, info: log, debug: log },
    });
    const headers = {
      'x-codex-turn-metadata': JSON.stringify({ installation_id: word('turn metadata') }),
      'x-codex-window-id': word('window id'),
      'x-client-request-id': word('client request id'),
      'x-api-key': word('x-api-key'),
      cookie: `session=${word('cookie')}`,
      'user-agent': `codex_exec/0.169.0 (${word('user agent')})`,
      'x-stainless-os': word('os'),
      tracestate: `made=${word('tracestate')}`,
      baggage: `made=${word('baggage')}`,
    };
    const body = {
      ...CHAT_STREAM,
      messages: [
        { role: 'system', content: word('system') },
        { role: 'user', content: word('prompt') },
      ],
      tools: [{ type: 'function', function: { name: word('tool'), parameters: {} } }],
      metadata: { user_id: `user_${word('user id')}` },
      client_metadata: { installation_id: word('installation id') },
      user: word('user'),
      stop: [word('stop')],
      [word('field')]: 1,
    };
    const scenarios = [
      scenario.ok(),
      scenario.echo(),
      scenario.echo({ status: 400 }),
      scenario.echo({ status: 500 }),
      scenario.cut({ afterEvents: 2 }),
      scenario.errorEvent({ message: 'synthetic' }),
      scenario.reset(),
    ];
    for (const [index, played] of scenarios.entries()) {
      simulator.use(played);
      const answer = await post(`/v1/chat/completions?${word('query')}=${word('query value')}`, body, { headers });
      await answer.text().catch(() => '');
      await ended(index + 1);
    }
    simulator.use(scenario.ok());
    const compressed = await send('/v1/chat/completions', {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json', 'content-encoding': 'zstd' },
      body: new Uint8Array(zstdCompressSync(Buffer.from(JSON.stringify(body)))),
    });
    await compressed.text();
    const refused = await send(`/v1/${word('path')}`, { headers: { authorization: `Bearer ${word('wrong token')}` } });
    await ended(scenarios.length + 1);

    const canaries: Canary[] = [
      { place: 'upstream key', needle: simulator.apiKey, byWindow: true },
      { place: 'gateway token', needle: token, byWindow: true },
      ...[...words].map(([place, needle]) => ({ place, needle })),
    ];
    const records = readFileSync(recordFile, 'utf8');
    const sinks = [
      { sink: 'otlp', text: await otlpJsonLines(telemetry) },
      { sink: 'records', text: records },
      { sink: 'log', text: logged.join('\n') },
      { sink: 'gateway error', text: await refused.text() },
    ];
    expect(findLeaks(sinks, canaries)).toEqual([]);
    expect(records.trim().split('\n')).toHaveLength(scenarios.length + 1);
    expect(telemetry.openSpans()).toEqual([]);
    // Proves that the scanner works: the traffic itself contains the canaries.
    const traffic = simulator.requests.map(({ bodyText, headers: sent }) => bodyText + JSON.stringify(sent)).join('\n');
    expect(findLeaks([{ sink: 'traffic', text: traffic }], canaries).map(({ place }) => place)).toContain('prompt');
    rmSync(folder, { recursive: true });
  });
});
