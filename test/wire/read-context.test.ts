import { randomUUID } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { echoCandidatesOf } from '../../src/call/request/echo-candidates';
import { modelIdentifier } from '../../src/facts/identifier';
import { createRedactor } from '../../src/facts/redaction/redactor';
import { HeaderList } from '../../src/transport/header-list';
import { answeredModel, createReadContext, type ReadContext, serverIdentifier } from '../../src/wire/read-context';
import { readErrorValue } from '../../src/wire/read-error';

const REDACTOR = createRedactor();
const BODY = JSON.stringify({
  model: 'gpt-5.1',
  messages: [
    { role: 'user', content: 'Anna writes about invalid_request_error, chatcmpl ids and gpt-9-preview for Waldheim.' },
  ],
});

function contextOf(...sent: readonly string[]): ReadContext {
  return createReadContext(REDACTOR, sent);
}

describe('an identifier of the server', () => {
  test.each([
    ['is kept if the request does not contain it', 'chatcmpl-9f3Kd02MxP', 'chatcmpl-9f3Kd02MxP'],
    ['is an echo if the body contains it', 'Waldheim', undefined],
    ['is an echo even if it is as short as a name', 'Anna', undefined],
    ['is an echo even if it has a prefix', 'req-Waldheim', undefined],
    ['is kept if it is too short for an echo', 'ids', 'ids'],
    ['keeps the prefix of its protocol, even if the prompt contains it', 'chatcmpl-77a', 'chatcmpl-77a'],
    ['is dropped if it is prose', 'Anna writes', undefined],
  ])('%s', (_name, value, told) => {
    expect(serverIdentifier('id', value, contextOf(BODY))).toBe(told);
  });

  test('a fingerprint must not contain a word of the request', () => {
    expect(serverIdentifier('fingerprint', 'fp_Waldheim', contextOf(BODY))).toBeUndefined();
    expect(serverIdentifier('fingerprint', 'fp_44709d6fcb', contextOf(BODY))).toBe('fp_44709d6fcb');
  });

  test('is searched once in a long body, even if each event repeats it', () => {
    let looks = 0;
    const body = Object.assign(Object(BODY), {
      includes(text: string) {
        looks++;
        return BODY.includes(text);
      },
    });
    const context = contextOf(body);
    for (let event = 0; event < 100; event++) {
      serverIdentifier('id', 'resp_0f3ca19b7d2e4f60', context);
    }
    // One search for the whole id, and one for its only long part.
    expect(looks).toBe(2);
  });
});

describe('if the request could not be read', () => {
  const blind = createReadContext(REDACTOR, undefined);
  const uuid = randomUUID();

  test.each([
    [uuid, uuid],
    ['8f3a2b1c4d5e6f70-FRA', '8f3a2b1c4d5e6f70-FRA'],
    ['202611211005021234567893AbCdEfGh', '202611211005021234567893AbCdEfGh'],
    ['Waldheim', undefined],
    ['customer-20261121', undefined],
  ])('the id %s is recorded as %s', (value, told) => {
    expect(serverIdentifier('id', value, blind)).toBe(told);
  });

  test('only values that the protocol defines are kept', () => {
    const { code, type, param, serverCode } = readErrorValue(
      { error: { code: 'model_not_found', type: 'waldheim_error', param: 'model' } },
      blind,
    );
    expect({ code, type, param, serverCode }).toEqual({
      code: 'model_not_found',
      type: undefined,
      param: 'model',
      serverCode: 'model_not_found',
    });
    expect(serverIdentifier('fingerprint', 'fp_44709d6fcb', blind)).toBeUndefined();
    expect(answeredModel('gpt-5.1', undefined, blind)).toBe('_OTHER');
  });
});

describe('an error', () => {
  test('keeps values that the protocol defines, and drops other values that the request contains', () => {
    const sent = `${BODY} temperature waldheim_tier`;
    const read = (error: object) => readErrorValue({ error }, contextOf(sent));
    expect(read({ code: 'rate_limit_exceeded', type: 'invalid_request_error', param: 'temperature' })).toMatchObject({
      code: 'rate_limit_exceeded',
      type: 'invalid_request_error',
      param: 'temperature',
    });
    const { code, type, param } = read({ code: 'waldheim_tier', type: 'some_other_error', param: 'Anna' });
    expect({ code, type, param }).toEqual({ code: undefined, type: 'some_other_error', param: undefined });
  });
});

describe('an answered model', () => {
  const asked = modelIdentifier('gpt-5.1', REDACTOR);

  test.each([
    ['gpt-5.1', 'gpt-5.1'],
    ['gpt-5', 'gpt-5'],
    ['gpt-5.1-2026-01-15', 'gpt-5.1-2026-01-15'],
    ['gpt-9-preview', '_OTHER'],
    ['Waldheim', '_OTHER'],
    ['ft:gpt-4.1:waldheim::a1b2', '_OTHER'],
    ['openai/ft:gpt-4.1', '_OTHER'],
    ['curie:ft-acme-2022-05-01', '_OTHER'],
  ])('%s is recorded as %s', (value, told) => {
    expect(answeredModel(value, asked, contextOf(BODY))).toBe(told);
  });
});

describe('the texts of a request', () => {
  const url = new URL('https://gateway.example/tenant%20a/v1/responses?customer=Waldheim&order=asc');
  const headers = new HeaderList([
    ['accept', 'application/json'],
    ['user-agent', 'agent/Waldheim'],
    ['x-tenant', 'Anna'],
  ]);

  test('are the body, the path, the query, and the names and values of custom headers', () => {
    expect(echoCandidatesOf('body', headers, url)).toEqual([
      'body',
      '/tenant%20a/v1/responses /tenant a/v1/responses\nuser-agent\nagent/Waldheim\nx-tenant\nAnna',
      'customer',
      'Waldheim',
      'order',
      'asc',
    ]);
  });

  test.each<[string, Parameters<typeof echoCandidatesOf>[0], [string, string][], string | undefined]>([
    ['bytes', new TextEncoder().encode('bytes'), [], 'bytes'],
    ['a form', new URLSearchParams({ field: 'two words' }), [], 'field'],
    ['nothing', undefined, [], '/'],
    ['compressed bytes', new TextEncoder().encode('bytes'), [['content-encoding', 'zstd']], undefined],
    ['a file', new Blob(['file']), [], undefined],
    ['a stream', new ReadableStream(), [], undefined],
    ['a multipart form', new FormData(), [], undefined],
  ])('are read from %s', (_name, body, given, first) => {
    const [text] = echoCandidatesOf(body, new HeaderList(given), new URL('https://gateway.example/')) ?? [];
    expect(text?.trim().split(' ')[0]).toBe(first);
  });
});
