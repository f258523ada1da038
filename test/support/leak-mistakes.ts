import type { CometAPI } from '../../src/client';
import type { ClientOptions, RequestOptions } from '../../src/config/options';
import type { Canaries } from './leak-canaries';

/** What people get wrong in options, each with something private in the wrong place. */
export function optionMistakes(canaries: Canaries): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const key = canaries.apiKey;
  const word = (place: string): string => canaries.word(place);
  return {
    'a key with a character no header takes': { apiKey: `${key}☃` },
    'a key with a line break': { apiKey: `${key}\n${key}` },
    'a key that is an object': { apiKey: { key } },
    'a password in the URL': { baseURL: `https://user:${word('password')}@gateway.example/v1` },
    'a key in the URL': { baseURL: `https://gateway.example/v1?key=${key}` },
    'a fragment in the URL': { baseURL: `https://gateway.example/v1#${word('fragment')}` },
    'no URL': { baseURL: `${key} ${word('url')}` },
    'another protocol': { baseURL: `ftp://${word('host')}.example/` },
    'plain http': { baseURL: `http://${word('host')}.example/` },
    'prose as a name': {
      workflow: `the ${word('workflow')} one`,
      runId: `a ${word('run')}`,
      environment: `a ${word('environment')}`,
    },
    'the key as a name': { workflow: key, runId: key, environment: key, requestId: key },
    'the key as documentation': {
      docsChecked: [key, `https://docs.example/${key}@2026-11-21`, `http://${word('docs')}.example`],
    },
    'the key as a path': { recordFile: `\0${key}` },
    'words for numbers': {
      maxRetries: key,
      timeout: key,
      deadlineMs: word('deadline'),
      maxConnections: [key],
      retryBudget: { capacity: key },
    },
    'words nobody knows': {
      logLevel: key,
      compat: key,
      retry: key,
      telemetry: { enabled: key, [`x1${word('telemetry')}`]: 1 },
    },
    'the key as a name of an option': { [key]: true, [`x9${word('option name')}`]: word('option value') },
  };
}

/** The same through the environment. */
export function variableMistakes(canaries: Canaries): Readonly<Record<string, string>> {
  const names = [
    'BASE_URL',
    'MAX_ATTEMPTS',
    'TIMEOUT_MS',
    'RETRY_BUDGET',
    'TELEMETRY',
    'WORKFLOW',
    'RUN_ID',
    'DOCS_CHECKED',
  ];
  return Object.fromEntries(names.map((name) => [`COMETAPI_${name}`, `${canaries.apiKey} ${canaries.word(name)}`]));
}

/** What people get wrong in a call. Each rejects or throws. */
export function callMistakes(client: CometAPI, canaries: Canaries): Readonly<Record<string, () => Promise<unknown>>> {
  const key = canaries.apiKey;
  const word = (place: string): string => canaries.word(place);
  const post = (options: RequestOptions & { readonly body?: unknown }, path = '/files'): Promise<unknown> =>
    client.post(path, options);
  const url = `${client.baseURL}/chat/completions`;
  const circular: Record<string, unknown> = { [word('property')]: word('value') };
  circular[word('circular')] = circular;
  // What JavaScript callers pass is not what the types say.
  const untyped = (options: Readonly<Record<string, unknown>>) => options as RequestOptions;
  return {
    'a header with a line break': () => post({ headers: { 'x-tenant': `${word('header')}\nx` } }),
    'a header with another script': () => post({ headers: { authorization: `Bearer ${key}☃` } }),
    'the key as the name of a header': () => post({ headers: { [key]: `${key}\n` } }),
    'prose as the name of a header': () => post({ headers: { [`a ${word('header name')}`]: 'x' } }),
    'an idempotency key with a line break': () => post({ idempotencyKey: `${word('idempotency')}\n` }),
    'a limit that is no number': () => post(untyped({ timeout: key, maxRetries: word('retries') })),
    'a path that is no URL': () => post({}, `https://[${word('path')}`),
    'a path on another origin': () => post({}, `https://${word('origin')}.example/?k=${key}`),
    'a body that holds itself': () => post({ body: circular }),
    'a body with a BigInt': () => post({ body: { [word('property')]: 1n, key } }),
    'fetch: a header with a line break': () =>
      client.fetch(url, { headers: { authorization: `Bearer ${key}\n${key}` } }),
    'fetch: a name that is no header': () => client.fetch(url, { headers: [[`${key} x`, word('value')]] }),
    'fetch: a password in the URL': () => client.fetch(url.replace('://', `://user:${word('password')}@`)),
    'fetch: a method that is none': () => client.fetch(url, { method: `${word('method')} ${key}` }),
    'fetch: a Request and a bad init': () => client.fetch(new Request(url), { headers: { a: `${key}\n${key}` } }),
    'fetch: a Request and a bad method': () => client.fetch(new Request(url), { method: `${word('method')} x` }),
  };
}

/** What a function that gives the key may do instead. */
export function keyMistakes(canaries: Canaries): Readonly<Record<string, NonNullable<ClientOptions['apiKey']>>> {
  const key = canaries.apiKey;
  return {
    throws: () => {
      throw new Error(`cannot read ${key} of ${canaries.word('vault')}`);
    },
    'rejects with text': () => Promise.reject(`cannot read ${key}`),
    'gives a key with a line break': () => `${key}\n${key}`,
    // A function without types.
    'gives an object': () => ({ key }) as unknown as string,
    'gives too little': () => key.slice(0, 7),
  };
}
