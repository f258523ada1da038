import type { CometAPI } from '../../src/client';
import type { ClientOptions, RequestOptions } from '../../src/config/options';
import type { Canaries } from './leak-canaries';

/** Invalid options, each with a canary in the wrong place. */
export function optionMistakes(canaries: Canaries): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const key = canaries.apiKey;
  const word = (place: string): string => canaries.word(place);
  return {
    'a key with a character that a header cannot contain': { apiKey: `${key}☃` },
    'a key with a line break': { apiKey: `${key}\n${key}` },
    'a key that is an object': { apiKey: { key } },
    'a password in the URL': { baseURL: `https://user:${word('password')}@gateway.example/v1` },
    'a key in the URL': { baseURL: `https://gateway.example/v1?key=${key}` },
    'a fragment in the URL': { baseURL: `https://gateway.example/v1#${word('fragment')}` },
    'an invalid URL': { baseURL: `${key} ${word('url')}` },
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
    'text instead of numbers': {
      maxRetries: key,
      timeout: key,
      deadlineMs: word('deadline'),
      maxConnections: [key],
      retryBudget: { capacity: key },
    },
    'unknown enum values': {
      logLevel: key,
      compat: key,
      retry: key,
      telemetry: { enabled: key, [`x1${word('telemetry')}`]: 1 },
    },
    'the key as the name of an option': { [key]: true, [`x9${word('option name')}`]: word('option value') },
  };
}

/** Invalid environment variables, each with a canary. */
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

/** Invalid calls, each with a canary. Each one rejects or throws. */
export function callMistakes(client: CometAPI, canaries: Canaries): Readonly<Record<string, () => Promise<unknown>>> {
  const key = canaries.apiKey;
  const word = (place: string): string => canaries.word(place);
  const post = (options: RequestOptions & { readonly body?: unknown }, path = '/files'): Promise<unknown> =>
    client.post(path, options);
  const url = `${client.baseURL}/chat/completions`;
  const circular: Record<string, unknown> = { [word('property')]: word('value') };
  circular[word('circular')] = circular;
  // JavaScript callers can pass values that the types forbid.
  const untyped = (options: Readonly<Record<string, unknown>>) => options as RequestOptions;
  return {
    'a header with a line break': () => post({ headers: { 'x-tenant': `${word('header')}\nx` } }),
    'a header with another script': () => post({ headers: { authorization: `Bearer ${key}☃` } }),
    'the key as the name of a header': () => post({ headers: { [key]: `${key}\n` } }),
    'prose as the name of a header': () => post({ headers: { [`a ${word('header name')}`]: 'x' } }),
    'an idempotency key with a line break': () => post({ idempotencyKey: `${word('idempotency')}\n` }),
    'a limit that is not a number': () => post(untyped({ timeout: key, maxRetries: word('retries') })),
    'a path that is not a valid URL': () => post({}, `https://[${word('path')}`),
    'a path on another origin': () => post({}, `https://${word('origin')}.example/?k=${key}`),
    'a body with a circular reference': () => post({ body: circular }),
    'a body with a BigInt': () => post({ body: { [word('property')]: 1n, key } }),
    'fetch: a header with a line break': () =>
      client.fetch(url, { headers: { authorization: `Bearer ${key}\n${key}` } }),
    'fetch: an invalid header name': () => client.fetch(url, { headers: [[`${key} x`, word('value')]] }),
    'fetch: a password in the URL': () => client.fetch(url.replace('://', `://user:${word('password')}@`)),
    'fetch: an invalid method': () => client.fetch(url, { method: `${word('method')} ${key}` }),
    'fetch: a Request and an invalid init': () => client.fetch(new Request(url), { headers: { a: `${key}\n${key}` } }),
    'fetch: a Request and an invalid method': () => client.fetch(new Request(url), { method: `${word('method')} x` }),
  };
}

/** `apiKey` functions that fail. */
export function keyMistakes(canaries: Canaries): Readonly<Record<string, NonNullable<ClientOptions['apiKey']>>> {
  const key = canaries.apiKey;
  return {
    throws: () => {
      throw new Error(`cannot read ${key} of ${canaries.word('vault')}`);
    },
    'rejects with text': () => Promise.reject(`cannot read ${key}`),
    'returns a key with a line break': () => `${key}\n${key}`,
    // JavaScript callers can return values that the types forbid.
    'returns an object': () => ({ key }) as unknown as string,
    'returns too short a key': () => key.slice(0, 7),
  };
}
