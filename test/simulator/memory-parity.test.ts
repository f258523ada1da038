import { describe, expect, test } from 'vitest';
import { type Scenario, scenario } from '../../src/simulator/index';
import { bothOutcomes, CHAT, ENDPOINTS } from './drivers';

/** Every scenario that ends without the client. Other files test endless and silent ones. */
const FINITE: readonly (readonly [name: string, scenario: Scenario])[] = [
  ['ok', scenario.ok()],
  ['ok with pauses', scenario.ok({ delayMs: 1, latencyMs: 1 })],
  ['ok in three pieces', scenario.ok({ text: 'simulated: æøå 🙂 end', chunks: 3, usage: true })],
  ['ok without usage', scenario.ok({ usage: false, model: 'another-simulated-model' })],
  ['slowFirstByte', scenario.slowFirstByte(5)],
  ['contentFilter', scenario.contentFilter()],
  ['toolCalls', scenario.toolCalls({ name: 'look_up', arguments: '{"of":"simulated"}' })],
  ['emptyContent', scenario.emptyContent()],
  ['responseFailed', scenario.responseFailed()],
  ['responseIncomplete', scenario.responseIncomplete()],
  ['fail 503', scenario.fail(503, { retryAfter: [1, 'garbage'], retryAfterMs: 20 })],
  ['fail 504', scenario.fail(504)],
  ['fail 524', scenario.fail(524)],
  ['fail 429 empty', scenario.fail(429, { body: 'empty', requestId: 'header' })],
  ['fail 500 final', scenario.fail(500, { code: 'invalid_request', requestId: 'cf-ray' })],
  ['redirect nowhere', scenario.redirect(302, 'https://elsewhere.invalid/')],
  ['html200', scenario.html200()],
  ['errorIn200', scenario.errorIn200({ code: 'server_error' })],
  ['respond null', scenario.respond({ body: 'null' })],
  ['respond nothing', scenario.respond()],
  ['respond 204', scenario.respond({ status: 204 })],
  ['respond 304', scenario.respond({ status: 304 })],
  ['fail 600', scenario.fail(600)],
  ['fail 999', scenario.fail(999, { body: 'empty' })],
  ['respond in chunks', scenario.respond({ body: ['{"simulated":', 'true}'] })],
  ['respond to a request', scenario.respond({ body: (request) => `"${request.method}"`, status: 299 })],
  ['unreachable', scenario.unreachable('ECONNRESET')],
  ['reset', scenario.reset()],
  ['reset in the headers', scenario.reset({ at: 'headers' })],
  ['reset after the headers', scenario.reset({ at: 'after_headers' })],
  ['reset in the body', scenario.reset({ at: 'body' })],
  ['reset in the stream', scenario.reset({ at: 'mid_stream', afterEvents: 3 })],
  ['cut before', scenario.cut({ at: 'before' })],
  ['cut in the headers', scenario.cut({ at: 'headers' })],
  ['cut after the headers', scenario.cut({ at: 'after_headers' })],
  ['cut', scenario.cut()],
  ['cut after bytes', scenario.cut({ afterBytes: 10 })],
  ['drip', scenario.drip({ bytesPerWrite: 200, delayMs: 1 })],
  ['closeAfter', scenario.closeAfter()],
  ['errorEvent', scenario.errorEvent()],
  ['errorEvent first', scenario.errorEvent({ afterEvents: 0, named: true, code: 'server_error' })],
  ['errorEvent without name', scenario.errorEvent({ named: false })],
  ['truncatedStream', scenario.truncatedStream()],
  ['noDone', scenario.noDone()],
  ['dataAfterDone', scenario.dataAfterDone()],
  ['framing', scenario.framing({ lineEnd: 'mixed', byteOrderMark: true, invalidUtf8: true, bytesPerWrite: 7 })],
  ['jsonForStream', scenario.jsonForStream()],
  ['streamForJson', scenario.streamForJson()],
  ['truncatedJson', scenario.truncatedJson()],
  ['contentType', scenario.contentType('text/plain')],
  ['no content type', scenario.contentType(null)],
  [
    'headers',
    scenario.headers([
      ['x-twice', '1'],
      ['x-twice', '2'],
      ['x-large', 'x'.repeat(8_000)],
    ]),
  ],
  ['gzip', scenario.gzip()],
  ['raw', scenario.raw('not HTTP at all\r\n\r\n')],
  ['damaged gzip', scenario.gzip({ corrupt: true })],
  ['gzip padded', scenario.gzip({ paddingBytes: 100_000 })],
  ['http10', scenario.http10()],
  ['cut by an HTTP/1.0 server', scenario.cut({ of: scenario.http10() })],
  ['closeDelimited', scenario.closeDelimited()],
  ['noReasonPhrase', scenario.noReasonPhrase()],
  ['chunkError', scenario.chunkError()],
  ['earlyHints', scenario.earlyHints()],
  ['hostileJson', scenario.hostileJson()],
  ['faults of faults', scenario.drip({ bytesPerWrite: 300, of: scenario.errorEvent({ of: scenario.toolCalls() }) })],
];

describe.each(FINITE)('%s', (_name, one) => {
  test.each(
    ENDPOINTS.flatMap(({ family, path, body }) => [
      { family, path, body: { ...body, stream: false } },
      { family, path, body: { ...body, stream: true } },
    ]),
  )('has the same outcome in memory and on a socket: $family, stream $body.stream', async ({ path, body }) => {
    const seen = await bothOutcomes(one, path, body, () => ({ redirect: 'manual' }));
    expect(seen.memory).toEqual(seen.socket);
    expect(seen.socket).not.toEqual({});
  });
});

test('a cut of a compressed body fails the same way; the amount decoded before it depends on timing', async () => {
  const { socket, memory } = await bothOutcomes(scenario.cut({ of: scenario.gzip() }), '/chat/completions', CHAT);
  expect({ ...memory, body: '' }).toEqual({ ...socket, body: '' });
  expect(socket).toMatchObject({ status: 200, failed: 'TypeError: terminated', code: 'UND_ERR_SOCKET' });
});
