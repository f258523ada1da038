import { describe, expect, test } from 'vitest';
import { type SimulatorOptions, scenario } from '../../src/simulator/index';
import { CHAT, DRIVERS, MESSAGES, RESPONSES, type Reached, reach } from './drivers';

const REQUEST_ID = /^\d{14}\d{1,9}[A-Za-z0-9]{8}$/;

/** Returns status and parsed body. */
async function read(call: Promise<Response>): Promise<readonly [status: number, body: unknown]> {
  const response = await call;
  return [response.status, JSON.parse(await response.text())];
}

function get(reached: Reached, path: string, headers: Record<string, string> = {}): Promise<Response> {
  return reached.fetch(`${reached.baseURL.slice(0, -3)}${path}`, { headers, redirect: 'manual' });
}

/** The expected envelope. Its message ends with the id of the last request. */
function envelope(reached: Reached, message: string, code = ''): unknown {
  const id = reached.simulator.requests.at(-1)?.requestId;
  return { error: { message: `${message} (request id: ${id})`, type: 'comet_api_error', param: null, code } };
}

describe.each(DRIVERS)('over %s', (driver) => {
  const start = (options: SimulatorOptions = {}): Promise<Reached> => reach(driver, options);

  test('GET /v1/models requires the key, GET /api/models does not', async () => {
    await using reached = await start({ models: ['simulated-a', 'simulated-b'] });
    const list = {
      object: 'list',
      data: ['simulated-a', 'simulated-b'].map((id) => ({
        id,
        object: 'model',
        created: 1_760_000_000,
        owned_by: 'simulated',
      })),
    };
    const authorization = `Bearer ${reached.simulator.apiKey}`;
    expect(await read(get(reached, '/v1/models', { authorization }))).toEqual([200, list]);
    expect(await read(get(reached, '/v1/models?client_version=1', { authorization }))).toEqual([200, list]);
    expect(await read(get(reached, '/api/models'))).toEqual([200, list]);
    expect(await read(get(reached, '/v1/models'))).toEqual([
      401,
      envelope(reached, 'simulated: the API key is missing'),
    ]);
  });

  test('answers a missing, malformed or unknown key with 401, and accepts a configured one', async () => {
    const own = `own-${crypto.randomUUID()}`;
    await using reached = await start({ apiKeys: [own] });
    const { apiKey } = reached.simulator;
    const attempts: readonly (readonly [authorization: string, status: number, message: string])[] = [
      [apiKey, 401, 'simulated: the Authorization header is malformed'],
      ['Bearer ', 401, 'simulated: the Authorization header is malformed'],
      [`Basic ${apiKey}`, 401, 'simulated: the Authorization header is malformed'],
      [`Bearer ${apiKey} ${apiKey}`, 401, 'simulated: the Authorization header is malformed'],
      [`Bearer ${apiKey}x`, 401, 'simulated: the API key is not known'],
    ];
    for (const [authorization, status, message] of attempts) {
      expect(await read(reached.post('/chat/completions', CHAT, { headers: { authorization } }))).toEqual([
        status,
        envelope(reached, message),
      ]);
    }
    for (const authorization of [`Bearer ${apiKey}`, `bearer ${apiKey}`, `Bearer ${own}`]) {
      const [status] = await read(reached.post('/chat/completions', CHAT, { headers: { authorization } }));
      expect(status).toBe(200);
    }
  });

  test('/v1/messages accepts both headers, the other endpoints only Bearer', async () => {
    await using reached = await start();
    const send = (path: string, headers: Record<string, string>, body: unknown): Promise<Response> =>
      reached.fetch(`${reached.baseURL}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const key = { 'x-api-key': reached.simulator.apiKey };
    const bearer = { authorization: `Bearer ${reached.simulator.apiKey}` };
    expect((await read(send('/messages?beta=true', key, MESSAGES)))[0]).toBe(200);
    expect((await read(send('/messages', bearer, MESSAGES)))[0]).toBe(200);
    expect(await read(send('/messages/count_tokens', key, MESSAGES))).toEqual([200, { input_tokens: 12 }]);
    expect((await read(send('/chat/completions', key, CHAT)))[0]).toBe(401);
    const [status, body] = await read(send('/messages', { 'x-api-key': 'not-the-key' }, MESSAGES));
    expect(status).toBe(401);
    expect(body).toMatchObject({ type: 'error', error: { type: 'comet_api_error' } });
  });

  test('a missing model has the documented text', async () => {
    await using reached = await start();
    for (const [path, body] of [
      ['/chat/completions', { messages: CHAT.messages }],
      ['/chat/completions', { ...CHAT, model: '' }],
      ['/responses', { input: RESPONSES.input }],
    ] as const) {
      expect(await read(reached.post(path, body))).toEqual([
        400,
        envelope(reached, 'model name is required', 'invalid_request'),
      ]);
    }
  });

  test.each([
    ['/chat/completions', [], 'simulated: the request body is not a JSON object'],
    ['/chat/completions', { ...CHAT, model: 7 }, 'simulated: model must be a string'],
    ['/chat/completions', { ...CHAT, stream: 'yes' }, 'simulated: stream must be a boolean'],
    ['/chat/completions', { model: 'm' }, 'simulated: messages is required'],
    ['/chat/completions', { model: 'm', messages: [] }, 'simulated: messages is required'],
    ['/responses', { model: 'm' }, 'simulated: input is required'],
    ['/responses', { model: 'm', input: 7 }, 'simulated: input is required'],
    [
      '/responses',
      { ...RESPONSES, previous_response_id: 'resp_unknown' },
      'simulated: the previous response was not found',
    ],
  ])('answers an invalid body with 400: %s %j', async (path, body, message) => {
    await using reached = await start();
    expect(await read(reached.post(path, body))).toEqual([400, envelope(reached, message, 'invalid_request')]);
  });

  test('accepts a returned response as previous response, until reset', async () => {
    await using reached = await start();
    const [, first] = await read(reached.post('/responses', RESPONSES));
    const firstId: unknown = Reflect.get(Object(first), 'id');
    const streamed = await reached.post('/responses', { ...RESPONSES, previous_response_id: firstId, stream: true });
    const [streamedId] = /resp_[A-Za-z0-9]+/.exec(await streamed.text()) ?? [];
    const [status, last] = await read(reached.post('/responses', { ...RESPONSES, previous_response_id: streamedId }));
    expect([streamed.status, status]).toEqual([200, 200]);
    expect(last).toMatchObject({ previous_response_id: streamedId });
    reached.simulator.reset();
    const [forgotten] = await read(reached.post('/responses', { ...RESPONSES, previous_response_id: streamedId }));
    expect(forgotten).toBe(400);
  });

  test('a response repeats content of its request', async () => {
    await using reached = await start();
    const echoed = { instructions: 'Answer in one word.', metadata: { ticket: '12' } };
    const [, body] = await read(reached.post('/responses', { ...RESPONSES, ...echoed }));
    expect(body).toMatchObject(echoed);
  });

  test('refuses undocumented parameters only with refuseUnknownParameters', async () => {
    const body = { ...CHAT, simulated_extra: 1 };
    await using lenient = await start();
    expect((await read(lenient.post('/chat/completions', body)))[0]).toBe(200);
    await using strict = await start({ refuseUnknownParameters: true });
    expect(await read(strict.post('/chat/completions', body))).toEqual([
      400,
      envelope(strict, 'simulated: unknown parameter simulated_extra', 'invalid_request'),
    ]);
    expect((await read(strict.post('/responses', { ...RESPONSES, temperature: 1 })))[0]).toBe(400);
    expect((await read(strict.post('/responses', RESPONSES)))[0]).toBe(200);
  });

  test('answers a body over the limit with 413', async () => {
    await using reached = await start({ maxRequestBytes: 200 });
    const large = { ...CHAT, messages: [{ role: 'user', content: 'x'.repeat(100_000) }] };
    expect(await read(reached.post('/chat/completions', large))).toEqual([
      413,
      envelope(reached, 'simulated: the request body is too large'),
    ]);
    expect((await read(reached.post('/chat/completions', CHAT)))[0]).toBe(200);
  });

  describe('a wrong path, including a base URL without /v1', () => {
    const paths = ['/chat/completions', '/v1/chat/completion', '/v1/v1/responses', '/v1/models/', '/constructor'];

    test('gets a redirect by default', async () => {
      await using reached = await start();
      for (const path of paths) {
        const response = await get(reached, path);
        expect([response.status, response.headers.get('location'), await response.text()]).toEqual([301, '/', '']);
      }
    });

    test('gets a page with status 200 if wrongPath is html200', async () => {
      await using reached = await start({ wrongPath: 'html200' });
      for (const path of paths) {
        const response = await get(reached, path);
        expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
        expect(await response.text()).toContain('<!DOCTYPE html>');
      }
    });

    test('gets a JSON 404 if wrongPath is json404', async () => {
      await using reached = await start({ wrongPath: 'json404' });
      for (const path of paths) {
        expect(await read(get(reached, path))).toEqual([404, envelope(reached, 'simulated: no such path')]);
      }
    });

    test('includes an unsupported method of a known path', async () => {
      await using reached = await start();
      expect((await get(reached, '/v1/chat/completions')).status).toBe(301);
      expect((await reached.post('/models', {}, { redirect: 'manual' })).status).toBe(301);
    });
  });

  test('the short envelope has no param, and an empty code unless one is given', async () => {
    await using reached = await start({ errorEnvelope: 'short' });
    const [, missing] = await read(reached.post('/chat/completions', {}));
    const id = reached.simulator.requests.at(-1)?.requestId;
    expect(missing).toEqual({
      error: { message: `model name is required (request id: ${id})`, type: 'comet_api_error', code: '' },
    });
    reached.simulator.use(scenario.fail(503, { code: 'model_not_found' }));
    const [, noRoute] = await read(reached.post('/chat/completions', CHAT));
    expect(noRoute).toMatchObject({
      error: { message: expect.stringContaining('no available channel'), code: 'model_not_found' },
    });
  });

  test('the request id is in the message, in a header, in both or in neither', async () => {
    const fail = scenario.fail(503, { message: 'simulated' });
    const seen: unknown[] = [];
    for (const options of [
      {},
      { requestIdInMessage: false },
      { requestIdInMessage: false, requestIdHeader: 'x-request-id' },
      { requestIdHeader: 'x-oneapi-request-id' },
      { requestIdHeader: 'cf-ray' },
    ] as const) {
      await using reached = await start({ ...options, scenario: fail.times(1) });
      const failed = await reached.post('/chat/completions', CHAT);
      const succeeded = await reached.post('/chat/completions', { ...CHAT, stream: true });
      const ids = reached.simulator.requests.map(({ requestId }) => requestId);
      expect(ids[0]).toMatch(REQUEST_ID);
      const name = options.requestIdHeader ?? 'x-request-id';
      seen.push([
        (await failed.text()).includes(`simulated (request id: ${ids[0]})`),
        failed.headers.get(name) === ids[0],
        succeeded.headers.get(name) === ids[1],
      ]);
      await succeeded.text();
    }
    expect(seen).toEqual([
      [true, false, false],
      [false, false, false],
      [false, true, true],
      [true, true, true],
      [true, true, true],
    ]);
  });

  test.each([
    ['message', true, []],
    ['none', false, []],
    ['header', false, ['x-request-id']],
    ['x-oneapi-request-id', false, ['x-oneapi-request-id']],
    ['cf-ray', false, ['cf-ray']],
  ] as const)('a single failure can place its request id differently: %s', async (place, inMessage, headers) => {
    await using reached = await start({ scenario: scenario.fail(500, { requestId: place }) });
    const response = await reached.post('/chat/completions', CHAT);
    const id = reached.simulator.requests[0]?.requestId ?? '';
    expect((await response.text()).includes(id)).toBe(inMessage);
    const carrying = ['x-request-id', 'x-oneapi-request-id', 'cf-ray'].filter(
      (name) => response.headers.get(name) === id,
    );
    expect(carrying).toEqual(headers);
  });

  test('sends Retry-After unchanged, in one line or several', async () => {
    await using reached = await start({
      scenario: scenario.sequence(
        scenario.fail(429),
        scenario.fail(429, { retryAfter: 3 }),
        scenario.fail(429, {
          retryAfter: 'Wed, 21 Oct 2026 07:28:00 GMT',
          headers: { date: 'Wed, 21 Oct 2026 07:27:00 GMT' },
        }),
        scenario.fail(429, { retryAfterMs: 250 }),
        scenario.fail(429, { retryAfter: '1e9' }),
        scenario.fail(429, { retryAfter: [1, 5] }),
      ),
    });
    const seen: unknown[] = [];
    for (let index = 0; index < 6; index++) {
      const { headers, body } = await reached.post('/chat/completions', CHAT);
      seen.push([headers.get('retry-after'), headers.get('retry-after-ms')]);
      if (index === 2) {
        expect(headers.get('date')).toBe('Wed, 21 Oct 2026 07:27:00 GMT');
      }
      await body?.cancel();
    }
    expect(seen).toEqual([
      [null, null],
      ['3', null],
      ['Wed, 21 Oct 2026 07:28:00 GMT', null],
      [null, '250'],
      ['1e9', null],
      ['1, 5', null],
    ]);
  });

  test('504 and 520 to 524 are pages and other statuses JSON, unless the option body is set', async () => {
    await using reached = await start();
    const types: unknown[] = [];
    for (const [status, body] of [
      [504],
      [520],
      [524],
      [503],
      [403],
      [500, 'html'],
      [504, 'json'],
      [429, 'empty'],
    ] as const) {
      reached.simulator.use(scenario.fail(status, body === undefined ? {} : { body }));
      const response = await reached.post('/chat/completions', CHAT);
      types.push([response.status, response.headers.get('content-type')]);
      await response.text();
    }
    expect(types).toEqual([
      [504, 'text/html; charset=utf-8'],
      [520, 'text/html; charset=utf-8'],
      [524, 'text/html; charset=utf-8'],
      [503, 'application/json; charset=utf-8'],
      [403, 'application/json; charset=utf-8'],
      [500, 'text/html; charset=utf-8'],
      [504, 'application/json; charset=utf-8'],
      [429, null],
    ]);
  });

  test('the answered model can differ from the requested one', async () => {
    for (const [options, model] of [
      [{}, 'simulated-model'],
      [{ answeredModel: 'simulated-other' }, 'simulated-other'],
      [{ answeredModel: (asked: string) => `${asked}-2026-01-01` }, 'simulated-model-2026-01-01'],
      [{ scenario: scenario.ok({ model: 'simulated-chosen' }) }, 'simulated-chosen'],
    ] as const) {
      await using reached = await start(options);
      expect((await read(reached.post('/chat/completions', CHAT)))[1]).toMatchObject({ model });
      expect((await read(reached.post('/responses', RESPONSES)))[1]).toMatchObject({ model });
      expect((await read(reached.post('/messages', MESSAGES)))[1]).toMatchObject({ model });
    }
  });

  test('omits optional fields, and usage only if it is disabled', async () => {
    await using reached = await start({ omitOptionalFields: true });
    const [, chat] = await read(reached.post('/chat/completions', CHAT));
    expect(Object.keys(Object(chat)).sort()).toEqual(['choices', 'created', 'id', 'model', 'object', 'usage']);
    reached.simulator.use(scenario.ok({ usage: false }));
    expect((await read(reached.post('/chat/completions', CHAT)))[1]).not.toHaveProperty('usage');
    expect((await read(reached.post('/responses', RESPONSES)))[1]).not.toHaveProperty('usage');
    expect((await read(reached.post('/messages', MESSAGES)))[1]).not.toHaveProperty('usage');
  });

  test('echo puts the key and the prompt into every place of answers and errors', async () => {
    await using reached = await start();
    const { apiKey } = reached.simulator;
    const prompt = 'an unmistakable private sentence';
    const body = { ...CHAT, messages: [{ role: 'user', content: prompt }] };
    reached.simulator.use(scenario.echo());
    const [, completion] = await read(reached.post('/chat/completions', body));
    expect(completion).toMatchObject({
      id: apiKey,
      model: apiKey,
      system_fingerprint: `fp_${apiKey.slice(3)}`,
      service_tier: apiKey,
      choices: [{ finish_reason: apiKey, message: { content: expect.stringContaining(prompt) } }],
    });
    const streamed = await reached.post('/chat/completions', { ...body, stream: true });
    const frames = (await streamed.text()).split('\n\n').filter((frame) => frame !== '');
    expect(frames.at(-1)).toBe('data: [DONE]');
    expect(frames.slice(0, -1).every((frame) => frame.includes(`"id":"${apiKey}"`))).toBe(true);
    reached.simulator.use(scenario.echo({ status: 400 }));
    const refused = await reached.post('/chat/completions', body);
    expect(Object.fromEntries(refused.headers)).toMatchObject({
      'x-request-id': apiKey,
      'cf-ray': apiKey,
      'x-oneapi-request-id': expect.stringContaining(prompt),
    });
    expect(JSON.parse(await refused.text())).toEqual({
      error: {
        message: expect.stringMatching(new RegExp(`${apiKey} .*${prompt}`)),
        type: apiKey,
        param: null,
        code: apiKey,
      },
    });
  });
});
