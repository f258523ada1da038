import type { RequestBody } from '../transport/send';

/** Header values that say nothing of the caller, and that an answer may well contain. */
const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'content-length',
  'user-agent',
  'x-request-id',
  'traceparent',
  'host',
  'connection',
]);

/** The texts of a request that a server could echo. */
export function sentTextsOf(body: RequestBody | undefined, headers: Headers): readonly string[] {
  const texts: string[] = [];
  if (typeof body === 'string') {
    texts.push(body);
  } else if (body instanceof Uint8Array) {
    texts.push(new TextDecoder().decode(body));
  }
  for (const [name, value] of headers) {
    if (!PLAIN_HEADERS.has(name)) {
      texts.push(value);
    }
  }
  return texts;
}
