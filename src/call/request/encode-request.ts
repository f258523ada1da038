import type { ClientOptions } from '../../config/options';
import { CometAPIError } from '../../errors/cometapi-error';
import type { TypedCall } from '../../resources/typed-call';
import type { RequestBody } from '../../transport/send';
import { encodeBody } from './encode-body';
import { type MergedHeaders, mergeHeaders } from './merge-headers';
import { requestUrl } from './request-url';

/** Defaults that every typed request of a client carries. */
export interface TypedDefaults {
  readonly headers: ClientOptions['defaultHeaders'];
  readonly query: ClientOptions['defaultQuery'];
  readonly fetchOptions: ClientOptions['fetchOptions'];
  readonly userAgent: string;
}

/** A typed call as an HTTP request, without the API key, which each attempt adds. */
export interface EncodedRequest extends MergedHeaders {
  readonly url: URL;
  readonly method: string;
  readonly body: RequestBody | undefined;
}

/**
 * Encodes a typed call as an HTTP request.
 *
 * @throws CometAPIError for a URL on another origin, an invalid header, or a body that cannot be written as JSON
 */
export function encodeRequest(
  { method, path, body, stream, options }: Omit<TypedCall, 'deliver'>,
  base: { readonly href: string; readonly origin: string },
  defaults: TypedDefaults,
  freshKey: () => string,
): EncodedRequest {
  const verb = method.toUpperCase();
  const url = requestUrl(path, base.href, [defaults.query, options.query]);
  // A path that starts with a slash is appended to the base URL, so it has the same origin.
  if (!path.startsWith('/') && url.origin !== base.origin) {
    throw new CometAPIError(
      'The path is on another origin than baseURL, and the API key must not be sent there. Use client.fetch instead.',
    );
  }
  const own: [string, string][] = [
    ['accept', stream ? 'text/event-stream, application/json' : 'application/json'],
    ['user-agent', defaults.userAgent],
  ];
  if (verb === 'POST') {
    // All attempts of a call send the same key. CometAPI documents no deduplication, so the key guarantees nothing.
    own.push(['idempotency-key', options.idempotencyKey ?? freshKey()]);
  }
  const merged = mergeHeaders(own, [defaults.headers, options.headers]);
  const isTyped = merged.touchedLast.has('content-type');
  const encoded = encodeBody(body, isTyped ? merged.headers.get('content-type') : null);
  if (!isTyped && encoded.contentType !== undefined) {
    // Replaces the client's default header, as in `openai`.
    merged.headers.set('content-type', encoded.contentType);
  }
  const { headers, touched, touchedLast } = merged;
  return { url, method: verb, body: encoded.body, headers, touched, touchedLast };
}
