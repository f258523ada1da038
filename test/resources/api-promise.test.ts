import { describe, expect, test, vi } from 'vitest';
import { APIPromise } from '../../src/resources/api-promise';
import type { TypedAnswer } from '../../src/resources/typed-call';
import { fakeAnswer } from '../support/fake-answer';

function promiseOf<T>(parse: (answer: TypedAnswer) => T | Promise<T>): {
  readonly call: APIPromise<T>;
  readonly parse: ReturnType<typeof vi.fn>;
  readonly response: Response;
} {
  const response = new Response('unread');
  const parsing = vi.fn(parse);
  const { answer } = fakeAnswer({ response, requestId: 'req_1' });
  return { call: new APIPromise<T>(Promise.resolve(answer), parsing), parse: parsing, response };
}

describe('the promise of a call', () => {
  test('parses when it is awaited, and only once', async () => {
    const { call, parse } = promiseOf(() => ({ id: 1 }));
    await call.asResponse();
    expect(parse).not.toHaveBeenCalled();
    const [one, two, { data }] = await Promise.all([call, call.then((value) => value), call.withResponse()]);
    expect([one === two, one === data]).toEqual([true, true]);
    expect(parse).toHaveBeenCalledTimes(1);
  });

  test('returns the same response each time, and the checked request id', async () => {
    const { call, response } = promiseOf(() => 1);
    expect(await call.asResponse()).toBe(response);
    expect(await call.withResponse()).toEqual({ data: 1, response, request_id: 'req_1' });
  });

  test('is a Promise, and chained promises are plain promises', async () => {
    const { call } = promiseOf(() => 1);
    expect(call).toBeInstanceOf(Promise);
    for (const chained of [call.then(), call.catch(() => 2), call.finally(() => undefined)]) {
      expect(chained).not.toBeInstanceOf(APIPromise);
      expect(await chained).toBe(1);
    }
    expect(await Promise.all([call, Promise.resolve(2)])).toEqual([1, 2]);
  });

  test('rejects for each caller with the error of the parser', async () => {
    const { call } = promiseOf((): number => {
      throw new RangeError('no answer');
    });
    const seen = await Promise.allSettled([call, call.withResponse(), call.catch((error: unknown) => error)]);
    expect(seen.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'fulfilled']);
    await expect(call.asResponse()).resolves.toBeInstanceOf(Response);
  });

  test('rejects for each caller if the call fails, and parses nothing', async () => {
    const parse = vi.fn();
    const call = new APIPromise(Promise.reject(new RangeError('no call')), parse);
    for (const waiting of [call, call.asResponse(), call.withResponse(), call.finally(() => undefined)]) {
      await expect(waiting).rejects.toThrow('no call');
    }
    expect(parse).not.toHaveBeenCalled();
  });

  test('keeps `_request_id` when a wrapper transforms the value, without a second parse', async () => {
    const { call, parse } = promiseOf(() => ({ id: 1 }));
    const wrapped = call._thenUnwrap(({ id }, { response }) => ({ twice: id * 2, status: response.status }));
    expect(await wrapped).toEqual({ twice: 2, status: 200 });
    expect((await wrapped)._request_id).toBe('req_1');
    expect(await call._thenUnwrap((value) => Object.freeze({ ...value }))).toEqual({ id: 1 });
    await call;
    expect(parse).toHaveBeenCalledTimes(1);
  });

  test('throws no error about private members if a method is called on another object', () => {
    for (const name of ['then', 'catch', 'finally'] as const) {
      const stray = Object.create(APIPromise.prototype);
      expect(() => APIPromise.prototype[name].call(stray, () => undefined)).not.toThrow(/private member/);
    }
  });
});
