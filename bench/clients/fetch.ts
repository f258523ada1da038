import { createParser } from 'eventsource-parser';
import { type Client, KEY, MODEL } from '../protocol.ts';

/** No client: global fetch and JSON.parse. */
const HEADERS = {
  authorization: `Bearer ${KEY}`,
  'content-type': 'application/json',
  accept: 'application/json',
};

function init(prompt: string, stream: boolean, signal?: AbortSignal): RequestInit {
  const messages = [{ role: 'user', content: prompt }];
  return {
    method: 'POST',
    headers: HEADERS,
    body: JSON.stringify({ model: MODEL, messages, stream }),
    signal: signal ?? null,
  };
}

export async function countEvents(chunks: AsyncIterable<Uint8Array>): Promise<number> {
  let count = 0;
  const text = new TextDecoder();
  const parser = createParser({
    onEvent({ data }) {
      if (data !== '[DONE]' && JSON.parse(data) !== undefined) {
        count++;
      }
    },
  });
  for await (const chunk of chunks) {
    parser.feed(text.decode(chunk, { stream: true }));
  }
  return count;
}

/** Reads a body with its reader. `for await` over a body costs more. */
export async function* chunksOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  for (let taken = await reader.read(); !taken.done; taken = await reader.read()) {
    yield taken.value;
  }
}

export function createClient(): Client {
  return {
    async json(baseURL, prompt, signal) {
      const response = await fetch(`${baseURL}/chat/completions`, init(prompt, false, signal));
      return JSON.parse(await response.text());
    },
    async stream(baseURL, prompt, signal) {
      const response = await fetch(`${baseURL}/chat/completions`, init(prompt, true, signal));
      return response.body === null ? 0 : countEvents(chunksOf(response.body));
    },
  };
}
