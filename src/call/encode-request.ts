import type { ClientOptions } from '../config/options';
import { CometAPIError } from '../errors/cometapi-error';
import type { TypedCall } from '../resources/typed-call';
import type { RequestBody } from '../transport/send';
import { encodeBody } from './encode-body';
import { type MergedHeaders, mergeHeaders } from './merge-headers';
import { requestUrl } from './request-url';

/** What every typed request of a client carries. */
export interface TypedDefaults {
  readonly headers: ClientOptions['defaultHeaders'];
  readonly query: ClientOptions['defaultQuery'];
  readonly fetchOptions: ClientOptions['fetchOptions'];
  readonly userAgent: string;
}

/** A typed call as a request; without the key, which joins it at each attempt. */
export interface EncodedRequest extends MergedHeaders {
  readonly url: URL;
  readonly method: string;
  readonly body: RequestBody | undefined;
}

/** @throws CometAPIError for a URL of another origin, a header that cannot be sent, or a body that is no JSON */
export function encodeRequest(
  { method, path, body, stream, options }: Omit<TypedCall, 'deliver'>,
  base: { readonly href: string; readonly origin: string },
  defaults: TypedDefaults,
  freshKey: () => string,
): EncodedRequest {
  const verb = method.toUpperCase();
  const url = requestUrl(path, base.href, [defaults.query, options.query]);
  // What is below the base is of its origin.
  if (!path.startsWith('/') && url.origin !== base.origin) {
    throw new CometAPIError(
      'The path belongs to another origin than baseURL: use fetch for it, since the API key must not travel there.',
    );
  }
  const own: [string, string][] = [
    ['accept', stream ? 'text/event-stream, application/json' : 'application/json'],
    ['user-agent', defaults.userAgent],
  ];
  if (verb === 'POST') {
    // One key for all sends of a call. CometAPI documents no deduplication, so it promises nothing.
    own.push(['idempotency-key', options.idempotencyKey ?? freshKey()]);
  }
  const merged = mergeHeaders(own, [defaults.headers, options.headers]);
  const isTyped = merged.touchedLast.has('content-type');
  const encoded = encodeBody(body, isTyped ? merged.headers.get('content-type') : null);
  if (!isTyped && encoded.contentType !== undefined) {
    // Wins over the client's default headers, as in `openai`.
    merged.headers.set('content-type', encoded.contentType);
  }
  const { headers, touched, touchedLast } = merged;
  return { url, method: verb, body: encoded.body, headers, touched, touchedLast };
}
