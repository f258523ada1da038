import { type Client, KEY, MODEL } from '../protocol.ts';

interface Completions {
  create(body: object, options?: object): Promise<unknown>;
}

/** The common part of openai's clients and ours. */
export type OpenAILike = new (options: object) => { readonly chat: { readonly completions: Completions } };

/** Creates one client for each base URL. */
export function openaiLike(Constructor: OpenAILike, options: object = {}): Client {
  const made = new Map<string, Completions>();
  const completions = (baseURL: string): Completions => {
    const found = made.get(baseURL) ?? new Constructor({ apiKey: KEY, baseURL, ...options }).chat.completions;
    made.set(baseURL, found);
    return found;
  };
  const messagesOf = (prompt: string): object[] => [{ role: 'user', content: prompt }];
  return {
    json: (baseURL, prompt, signal) =>
      completions(baseURL).create(
        { model: MODEL, messages: messagesOf(prompt) },
        signal === undefined ? {} : { signal },
      ),
    async stream(baseURL, prompt, signal) {
      const body = { model: MODEL, messages: messagesOf(prompt), stream: true };
      const stream = await completions(baseURL).create(body, signal === undefined ? {} : { signal });
      let count = 0;
      // With `stream: true`, the result of all of them is iterable.
      for await (const _ of stream as AsyncIterable<unknown>) {
        count++;
      }
      return count;
    },
  };
}
