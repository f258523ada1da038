import type { CometAPI } from '../../src/client';
import type { RequestOptions } from '../../src/config/options';
import { Stream } from '../../src/resources/stream';
import type { Canaries } from './leak-canaries';
import { privateCallOptions, privateChat, privateResponse } from './leak-requests';
import type { LeakSinks } from './leak-sinks';

/** The result of one call, as its caller sees it. */
export interface CallOutcome {
  readonly call: string;
  /** The text of the answer, or the name of the error. */
  readonly received: string;
  readonly error?: unknown;
}

export interface CallOptions extends Pick<RequestOptions, 'signal'> {
  /** True if a responses call sends `previous_response_id`. The simulator does not know that id. @default false */
  readonly followsUp?: boolean;
  /** The names of the calls to make. @default all */
  readonly only?: readonly string[];
}

type Work = () => PromiseLike<unknown>;

/** Makes calls through every entry point of both APIs, as JSON and as events. Prints everything a caller can print. */
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

/** Reads an answer to its end. The answer is not printed, because it belongs to the caller. The stream object is. */
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
