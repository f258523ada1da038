import { describe, expect, test } from 'vitest';
import { ModelsPage } from '../../src/resources/models';
import { addOutputText } from '../../src/resources/output-text';
import { parseAnswer } from '../../src/resources/parse-answer';
import { fakeAnswer, type ScriptedRead, truncated } from '../support/fake-answer';

type Json = NonNullable<Parameters<typeof fakeAnswer>[0]>['json'];

function parse(json: Json, init: ResponseInit & { readonly reads?: readonly ScriptedRead[] } = {}): Promise<unknown> {
  const { reads = [{}], ...rest } = init;
  return parseAnswer(fakeAnswer({ json, reads, response: new Response(null, rest), requestId: 'req_1' }).answer);
}

describe('a whole response', () => {
  test.each([
    ['parsed JSON', { parsed: { value: { a: 1 } }, text: undefined, error: undefined }, {}, { a: 1 }],
    ['parsed null', { parsed: { value: null }, text: undefined, error: undefined }, {}, null],
    ['text', { parsed: undefined, text: 'plain', error: undefined }, {}, 'plain'],
    ['an empty text', { parsed: undefined, text: '', error: undefined }, {}, ''],
    [
      'an empty JSON body',
      { parsed: undefined, text: '', error: undefined },
      { headers: { 'content-type': 'application/json; charset=utf-8' } },
      undefined,
    ],
    ['a response without content', { parsed: undefined, text: undefined, error: undefined }, { status: 204 }, null],
  ] as const)('returns the value of %s', async (_name, json, init, value) => {
    expect(await parse(json, init)).toEqual(value);
  });

  test('is read to its end, which frees the connection', async () => {
    const { answer, asked } = fakeAnswer({
      json: { parsed: { value: 1 }, text: undefined, error: undefined },
      reads: [{}, {}],
    });
    await parseAnswer(answer);
    expect(asked).toEqual(['read', 'read', 'read']);
  });

  test('has `_request_id` and `_facts` as properties that are not enumerable', async () => {
    const value = await parse({ parsed: { value: { a: 1 } }, text: undefined, error: undefined });
    expect(Object.getOwnPropertyNames(value)).toEqual(['a', '_request_id', '_facts']);
    expect(Object.keys({ ...(value as object) })).toEqual(['a']);
  });

  test('rejects with the API error of a broken body, and with a bug unchanged', async () => {
    await expect(parse(undefined, { reads: [{ failure: truncated() }] })).rejects.toThrow('stream_truncated');
    await expect(parse(undefined, { reads: [{ failure: new RangeError('bug') }] })).rejects.toThrow(RangeError);
  });

  test('rejects if it has an unexpected shape', async () => {
    const end = {
      ending: 'failed',
      endingReason: 'unexpected_response',
      category: 'unexpected_response',
      phase: 'body',
    } as const;
    await expect(parse(undefined, { reads: [{ end }] })).rejects.toThrow('unexpected_response');
  });
});

describe('output_text', () => {
  const message = (...texts: string[]): object => ({
    type: 'message',
    content: [...texts.map((text) => ({ type: 'output_text', text })), { type: 'refusal', refusal: 'no' }],
  });
  const textOf = (response: object): unknown => addOutputText(response as never).output_text;

  test('joins all texts of all messages', () => {
    const output = [{ type: 'reasoning' }, message('one, ', 'two, '), message('three')];
    expect(textOf({ object: 'response', output })).toBe('one, two, three');
  });

  test('is empty without messages, and kept if the server sends it', () => {
    expect(textOf({ object: 'response' })).toBe('');
    expect(textOf({ object: 'response', output: [null, { type: 'message' }] })).toBe('');
    expect(textOf({ object: 'response', output: [], output_text: 'sent' })).toBe('sent');
  });

  test('is not added to a value that is not a response', () => {
    expect(addOutputText(null as never)).toBeNull();
    expect(addOutputText({ object: 'other' } as never)).toEqual({ object: 'other' });
  });
});

test('a page of models has no next page', async () => {
  const page = new ModelsPage([{ id: 'a', object: 'model', created: 1, owned_by: 'x' }]);
  expect([page.hasNextPage(), page.getPaginatedItems().length]).toEqual([false, 1]);
  await expect(page.getNextPage()).rejects.toThrow('no next page');
});
