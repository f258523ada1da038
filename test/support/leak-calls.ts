import type { CometAPI } from '../../src/client';
import type { RequestOptions } from '../../src/config/options';
import { Stream } from '../../src/resources/stream';
import type { Canaries } from './leak-canaries';
import { privateCallOptions, privateChat, privateResponse } from './leak-requests';
import type { LeakSinks } from './leak-sinks';

/** What came of one call, as its caller sees it. */
export interface CallOutcome {
  readonly call: string;
  /** The answer's text, or the name of the error. */
  readonly received: string;
  readonly error?: unknown;
}

export interface CallOptions extends Pick<RequestOptions, 'signal'> {
  /** Name a previous response, which the simulator would have to know. @default false */
  readonly followsUp?: boolean;
  /** Only these calls. @default all */
  readonly only?: readonly string[];
}

type Work = () => PromiseLike<unknown>;

/** Makes a call through every door of both interfaces, JSON and events, and prints whatever a caller could print. */
export async function makeEveryCall(
  client: CometAPI,
  canaries: Canaries,
  sinks: LeakSinks,
  { followsUp = false, only, signal }: CallOptions = {},
): Promise<readonly CallOutcome[]> {
  const options = { ...(signal && { signal }) };
  const given = { ...privateCallOptions(canaries), ...options };
  const calls: Readonly<Record<string, Work>> = {
    'chat, JSON': () => printed(client.chat.completions.create(privateChat(canaries, false), given), sinks),
    'chat, events': () => printed(client.chat.completions.create(privateChat(canaries, true), given), sinks),
    'responses, JSON': () =>
      printed(client.responses.create(privateResponse(canaries, false, followsUp), given), sinks),
    'responses, events': () =>
      printed(client.responses.create(privateResponse(canaries, true, followsUp), given), sinks),
    'chat by fetch, JSON': () => fetched(client, 'chat/completions', privateChat(canaries, false), options),
    'responses by fetch, events': () =>
      fetched(client, 'responses', privateResponse(canaries, true, followsUp), options),
    'messages by fetch': () => fetched(client, 'messages', { ...privateChat(canaries, false), max_tokens: 1 }, options),
    models: () => printed(client.models.list(given), sinks),
    'another path': () =>
      printed(
        client.post(`/files/${canaries.word('path')}`, { body: { text: canaries.text('prompt') }, ...given }),
        sinks,
      ),
  };
  const wanted = Object.entries(calls).filter(([call]) => only?.includes(call) ?? true);
  const outcomes = await Promise.all(wanted.map(([call, work]) => outcomeOf(call, work, sinks)));
  if (only === undefined) {
    sinks.print('client', client);
    sinks.print('client', [client.chat, client.chat.completions, client.responses, client.models, client.fetch]);
  }
  return outcomes;
}

async function outcomeOf(call: string, work: Work, sinks: LeakSinks): Promise<CallOutcome> {
  try {
    return { call, received: await textOf(await work(), sinks) };
  } catch (error) {
    sinks.printError(error);
    return { call, received: error instanceof Error ? error.name : String(error), error };
  }
}

function printed<T extends PromiseLike<unknown>>(promise: T, sinks: LeakSinks): T {
  sinks.print('promise', promise);
  return promise;
}

/** The answer is the caller's own: it is read to its end, and printed nowhere. The stream that gives it is. */
async function textOf(answer: unknown, sinks: LeakSinks): Promise<string> {
  if (answer instanceof Response) {
    return await answer.text();
  }
  if (typeof answer !== 'object' || answer === null || !(Symbol.asyncIterator in answer)) {
    return JSON.stringify(answer) ?? '';
  }
  const isStream = answer instanceof Stream;
  isStream && sinks.print('stream', answer);
  const items: unknown[] = [];
  // Only streams and the page of models can be iterated here.
  for await (const item of answer as AsyncIterable<unknown>) {
    items.push(item);
  }
  isStream && sinks.print('stream', answer);
  return JSON.stringify(items);
}

function fetched(
  client: CometAPI,
  path: string,
  body: unknown,
  { signal }: Pick<RequestOptions, 'signal'>,
): Promise<Response> {
  return client.fetch(`${client.baseURL}/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  });
}
