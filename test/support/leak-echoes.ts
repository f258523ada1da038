import type { Fetch } from '../../src/config/options';
import type { Canaries } from './leak-canaries';

/** A text that a server repeats in its response. */
export interface Echo {
  /** The encoding of the text, or its place in the request. */
  readonly spelling: string;
  readonly text: string;
  /** The server repeats the text only if the request contains this. */
  readonly source: string;
}

/** All canaries except the key, each repeated unchanged. */
export function echoesOf(canaries: Canaries): readonly Echo[] {
  const others = canaries.all().filter(({ needle }) => needle !== canaries.apiKey);
  return others.map(({ place, needle }) => ({ spelling: place, text: canaries.text(place), source: needle }));
}

/** The forms in which careless and hostile servers repeat a key. */
export function spellingsOfKey(key: string): readonly Echo[] {
  const base64 = Buffer.from(key).toString('base64');
  return Object.entries({
    whole: key,
    'without its end': key.slice(0, -9),
    'without its start': key.slice(11),
    'its middle': key.slice(9, 21),
    'with a prefix': `req_${key}`,
    'without its own prefix': key.replace(/^sk-/, ''),
    'masked with stars': `${key.slice(0, 6)}***${key.slice(-4)}`,
    'masked with dots': `${key.slice(0, 7)}...${key.slice(-4)}`,
    base64,
    'base64 for URLs': Buffer.from(key).toString('base64url'),
    'base64 behind other bytes': Buffer.from(`x:${key}`).toString('base64url'),
    hexadecimal: Buffer.from(key).toString('hex'),
    'hexadecimal, capitals': Buffer.from(key).toString('hex').toUpperCase(),
    'URL-encoded': encodeURIComponent(key),
    'JSON-escaped': JSON.stringify(JSON.stringify(key)),
    'as a header': `Bearer ${key}`,
    'in a sentence': `Incorrect API key provided: ${key}. Find yours at https://example.test/?key=${key}.`,
  }).map(([spelling, text]) => ({ spelling, text, source: key }));
}

/** Response headers that repeat a text in every field that a client may read. */
function echoingHeaders(text: string): readonly (readonly [string, string])[] {
  const name = text.toLowerCase().replace(/[^a-z-]/g, '');
  return [
    ...[
      'x-request-id',
      'x-oneapi-request-id',
      'cf-ray',
      'retry-after',
      'retry-after-ms',
      'x-should-retry',
      'date',
      'server',
    ],
    ...[
      'x-ratelimit-limit-requests',
      'x-ratelimit-remaining-tokens',
      'x-ratelimit-reset-requests',
      'openai-organization',
    ],
    ...(name === '' ? [] : [`x-ratelimit-${name}`.slice(0, 40)]),
  ].map((header) => [header, text] as const);
}

/** An error body that repeats a text in each of its fields. */
function echoingError(text: string): string {
  return JSON.stringify({
    error: { message: `Refused: ${text} (request id: ${text})`, code: text, type: text, param: text, [text]: text },
    request_id: text,
  });
}

/** An answer that repeats a text in each of its fields, as JSON or events. */
function echoingAnswer(text: string, request: SentRequest): string {
  const family = familyOf(request);
  if (!request.isStreamed) {
    return JSON.stringify(
      family === 'responses' ? response(text) : family === 'models' ? { object: text, data: [] } : completion(text),
    );
  }
  return (family === 'responses' ? responseEvents(text) : chatEvents(text)).join('');
}

/** A request as received by the server. */
export interface SentRequest {
  readonly url: string;
  /** Everything that the server can repeat: URL, header lines, body. */
  readonly text: string;
  readonly isStreamed: boolean;
}

/** The kinds of responses that repeat a text. */
export const ECHOING = {
  'an answer': (text, request) =>
    respond(200, text, request.isStreamed ? 'text/event-stream' : 'application/json', echoingAnswer(text, request)),
  'an answer of another type': (text, request) => respond(200, text, text, echoingAnswer(text, request)),
  'a 401 error': (text) => respond(401, text, 'application/json', echoingError(text)),
  'a retried 429 error': (text) => respond(429, text, 'application/json', echoingError(text)),
  'an error with 200, or an error event': (text, request) =>
    request.isStreamed
      ? respond(200, text, 'text/event-stream', event(text, JSON.parse(echoingError(text)), 'error'))
      : respond(200, text, 'application/json', echoingError(text)),
  'events that are not JSON': (text) =>
    respond(200, text, 'text/event-stream', `data: ${text}\n\ndata: {"id":"${text}\n\n`),
  'an HTML page': (text) => respond(200, text, 'text/html', `<html><title>${text}</title>${text}</html>`),
  'a redirect': (text) =>
    respond(302, text, 'text/html', text, [
      ['location', `https://other.example/${encodeURIComponent(text)}?${encodeURIComponent(text)}`],
    ]),
} as const satisfies Readonly<Record<string, (text: string, request: SentRequest) => Response>>;

/**
 * A fetch that repeats `text` in a response of the given kind. A server can repeat only what it received, so a request
 * without `source` gets a neutral response.
 *
 * @param received called with every request
 */
export function echoingFetch(
  kind: keyof typeof ECHOING,
  { text, source }: Omit<Echo, 'spelling'>,
  received: (request: SentRequest) => void = () => undefined,
): Fetch {
  return async (input, init) => {
    const headers = [...new Headers(init?.headers)].map(([name, value]) => `${name}: ${value}`);
    const body = typeof init?.body === 'string' ? init.body : '';
    const url = decodeURIComponent(String(input));
    const request = { url, text: [url, ...headers, body].join('\n'), isStreamed: isStreamed(body) };
    received(request);
    return ECHOING[kind](request.text.includes(source) ? text : 'nothing', request);
  };
}

function respond(
  status: number,
  text: string,
  contentType: string,
  body: string,
  more: readonly (readonly [string, string])[] = [],
): Response {
  const headers = new Headers();
  for (const [name, value] of [['content-type', contentType], ...more, ...echoingHeaders(text)] as const) {
    headers.append(name, inHeader(value));
  }
  return new Response(body, { status, statusText: inHeader(text), headers });
}

/** Replaces the characters that a header cannot contain. */
function inHeader(text: string): string {
  return text.replace(/[^\x20-\x7e\xa0-\xff]/g, ' ');
}

/** True if the request body asks for a stream. */
export function isStreamed(body: string): boolean {
  return body.includes('"stream":true');
}

function familyOf({ url }: SentRequest): 'chat' | 'responses' | 'models' {
  return url.includes('/responses') ? 'responses' : url.includes('/models') ? 'models' : 'chat';
}

const USAGE = { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 };

function words(text: string): Readonly<Record<string, string>> {
  return {
    id: text,
    object: text,
    model: text,
    service_tier: text,
    system_fingerprint: `fp_${text}`,
    request_id: text,
  };
}

function message(text: string): unknown {
  const call = { id: text, type: 'function', function: { name: text, arguments: text } };
  return { role: 'assistant', content: text, refusal: text, reasoning_content: text, tool_calls: [call] };
}

function completion(text: string): unknown {
  return {
    ...words(text),
    choices: [{ index: 0, message: message(text), finish_reason: text }],
    content: [{ type: 'text', text }],
    stop_reason: text,
    // A key that consists of digits also appears as a number.
    usage: { ...USAGE, [text]: text, ...(/^\d+$/.test(text) && { prompt_tokens: Number(text) }) },
  };
}

function response(text: string): unknown {
  const item = { type: 'message', id: text, role: 'assistant', content: [{ type: 'output_text', text }] };
  return {
    ...words(text),
    object: 'response',
    status: text,
    instructions: text,
    output: [item],
    incomplete_details: { reason: text },
  };
}

function event(text: string, data: unknown, name?: string): string {
  const line = text.replace(/[\r\n]/g, ' ');
  return `: ${line}\nid: ${line}\nevent: ${name ?? line}\nretry: ${line}\ndata: ${JSON.stringify(data)}\n\n`;
}

/** Two events contain one half of the text each, and a third contains the whole text. */
function chatEvents(text: string): readonly string[] {
  const half = text.length >> 1;
  const chunk = (part: string, reason: string | null): unknown => ({
    ...words(part),
    choices: [{ index: 0, delta: message(part), finish_reason: reason }],
  });
  return [
    event(text, chunk(text.slice(0, half), null)),
    event(text, chunk(text.slice(half), null)),
    event(text, chunk(text, text)),
    'data: [DONE]\n\n',
  ];
}

function responseEvents(text: string): readonly string[] {
  const half = text.length >> 1;
  const delta = (part: string): unknown => ({ type: 'response.output_text.delta', item_id: part, delta: part });
  return [
    event(text, { type: 'response.created', response: response(text) }, 'response.created'),
    event(text, delta(text.slice(0, half)), text),
    event(text, delta(text.slice(half)), text),
    event(text, { type: 'response.completed', response: response(text) }, 'response.completed'),
  ];
}
