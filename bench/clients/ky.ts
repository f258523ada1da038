import ky from 'ky';
import pRetry from 'p-retry';
import { type Client, KEY, MODEL } from '../protocol.ts';
import { chunksOf, countEvents } from './fetch.ts';

/** ky with p-retry. */
const HEADERS = {
  authorization: `Bearer ${KEY}`,
  'content-type': 'application/json',
  accept: 'application/json',
};

export function createClient(): Client {
  const send = (baseURL: string, prompt: string, stream: boolean, signal?: AbortSignal): Promise<Response> =>
    pRetry(
      () =>
        ky.post(`${baseURL}/chat/completions`, {
          headers: HEADERS,
          body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: prompt }], stream }),
          retry: 0,
          timeout: 60_000,
          ...(signal !== undefined && { signal }),
        }),
      { retries: 2 },
    );
  return {
    async json(baseURL, prompt, signal) {
      return JSON.parse(await (await send(baseURL, prompt, false, signal)).text());
    },
    async stream(baseURL, prompt, signal) {
      const { body } = await send(baseURL, prompt, true, signal);
      return body === null ? 0 : countEvents(chunksOf(body));
    },
  };
}
