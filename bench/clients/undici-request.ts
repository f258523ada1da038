import { request } from 'undici';
import { type Client, KEY, MODEL } from '../protocol.ts';
import { countEvents } from './fetch.ts';

/** `undici.request`: the cost of a request on Node without fetch. */
const HEADERS = {
  authorization: `Bearer ${KEY}`,
  'content-type': 'application/json',
  accept: 'application/json',
};

export function createClient(): Client {
  const send = (baseURL: string, prompt: string, stream: boolean, signal?: AbortSignal) =>
    request(`${baseURL}/chat/completions`, {
      method: 'POST',
      headers: HEADERS,
      body: JSON.stringify({ model: MODEL, messages: [{ role: 'user', content: prompt }], stream }),
      ...(signal !== undefined && { signal }),
    });
  return {
    async json(baseURL, prompt, signal) {
      return JSON.parse(await (await send(baseURL, prompt, false, signal)).body.text());
    },
    stream: async (baseURL, prompt, signal) => countEvents((await send(baseURL, prompt, true, signal)).body),
  };
}
