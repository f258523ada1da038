import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/facts/redaction/redactor';
import { readShape, shapeOf } from '../../src/wire/shape';

const redactor = createRedactor();

/** One line `path: types` per field. */
function shapeLines(value: unknown, of = redactor): readonly string[] {
  return shapeOf(value, of).fields.map(({ path, types }) => `${path}: ${types.join('|')}`);
}

const json = (value: unknown, headers: Record<string, string> = {}) =>
  new Response(JSON.stringify(value), { headers: { 'content-type': 'application/json', ...headers } });

describe('the shape of a response', () => {
  it('contains sorted paths and types, and merges the types of list items', () => {
    const answer = {
      id: 'chatcmpl-1',
      choices: [
        { index: 0, message: { content: 'text', refusal: null } },
        { index: 1, message: { content: null } },
      ],
      created: 1,
      done: true,
      nothing: [],
    };
    expect(shapeLines(answer)).toEqual([
      'choices: array',
      'choices[]: object',
      'choices[].index: number',
      'choices[].message: object',
      'choices[].message.content: null|string',
      'choices[].message.refusal: null',
      'created: number',
      'done: boolean',
      'id: string',
      'nothing: array',
    ]);
  });

  it.each([
    ['a list', [1, 'a'], ['$: array', '$[]: number|string']],
    ['a text', 'a text of a user', ['$: string']],
    ['nothing', null, ['$: null']],
  ])('of %s starts at $', (_name, value, lines) => {
    expect(shapeLines(value)).toEqual(lines);
  });

  it('replaces names that are not field names by _OTHER: prose, identifiers, secrets', () => {
    const key = `sk-${'a1b2c3d4'.repeat(3)}`;
    const value = JSON.parse(
      `{"a prompt of a user":1,"call_20261121080000":{"x":1},"${key}":2,"ключ":3,"__proto__":{"polluted":true},"top_p":4,"":5}`,
    );
    expect(shapeLines(value, createRedactor([key]))).toEqual([
      '_OTHER: number|object',
      '_OTHER.x: number',
      '__proto__: object',
      '__proto__.polluted: boolean',
      'top_p: number',
    ]);
    expect(shapeLines({ [`x${key.slice(4, 16)}`]: 1 }, createRedactor([key]))).toEqual(['_OTHER: number']);
  });

  it('contains no value of the JSON', () => {
    const canary = 'Zq9Canary8Wx';
    const leaf = fc.oneof(fc.constant(canary), fc.integer(), fc.boolean(), fc.constant(null));
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof({ depthSize: 'small' }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const { fields } = shapeOf(value, createRedactor([canary]));
        expect(JSON.stringify(fields)).not.toContain(canary);
      }),
    );
  });

  it('is limited in fields, depth and items, and reports that it is truncated', () => {
    const wide = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`field_${at}`, at]));
    const deep = JSON.parse(`${'{"a":'.repeat(30)}1${'}'.repeat(30)}`);
    for (const [value, max] of [
      [wide, 300],
      [deep, 13],
      [Array.from({ length: 60 }, () => 1), 2],
    ] as const) {
      const { fields, truncated } = shapeOf(value, redactor);
      expect(fields.length).toBeLessThanOrEqual(max);
      expect(truncated).toBe(true);
    }
  });

  it('lists usage, timing, request id and rate-limit headers separately', async () => {
    expect((await readShape(json({ usage: {}, created: 1 }), redactor)).metadata).toEqual(['usage', 'timing']);
    const headers = {
      'openai-processing-ms': '12',
      'x-oneapi-request-id': '2026010108000012345678',
      'x-ratelimit-remaining-requests': '9',
    };
    expect((await readShape(json({}, headers), redactor)).metadata).toEqual([
      'timing',
      'request_id',
      'rate_limit_headers',
    ]);
  });

  it('has no fields for an HTML page, half a body and an endless body', async () => {
    const page = new Response('<html>', { headers: { 'content-type': 'text/html' } });
    expect(await readShape(page, redactor)).toEqual({
      contentKind: 'html',
      fields: [],
      truncated: false,
      metadata: [],
    });
    const half = new Response('{"a":', { headers: { 'content-type': 'application/json' } });
    expect(await readShape(half, redactor)).toMatchObject({ contentKind: 'json', fields: [], truncated: false });
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('reset')) });
    expect(await readShape(new Response(broken), redactor)).toMatchObject({ fields: [], truncated: true });
    let cancelled = false;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(65_536)),
      cancel: () => {
        cancelled = true;
      },
    });
    expect(await readShape(new Response(endless), redactor)).toMatchObject({ fields: [], truncated: true });
    expect(cancelled).toBe(true);
  });
});
