import type { Fetch } from '../../config/options';
import type { CallFacts } from '../../facts/call-facts';
import type { HeaderList } from '../../transport/header-list';
import { readRequest, readRequestText } from '../../wire/read-request';
import { utf8ByteLength } from '../../wire/utf8';
import type { Call } from '../call';
import { timeoutReason } from '../call-abort';
import { runCall } from '../run-call';
import { networkError, toResponse } from '../to-response';
import { echoCandidatesOf } from './echo-candidates';
import { knownUrl } from './known-url';
import { type ClientContext, prepareCall } from './prepare-call';
import { type FetchInput, readFetchInput } from './read-fetch-input';

/** SDKs that require a key receive this placeholder. The fetch entry point replaces it with the real key. */
export const KEY_PLACEHOLDER = 'cometapi-otel-placeholder';

/**
 * Creates the entry point with the signature of `fetch`. It retries within the limits, records the call, and returns
 * the last response with its body unread, for any status. Requests to another origin pass through unchanged.
 */
export function createInstrumentedFetch(
  clientContext: ClientContext,
  passThrough: Fetch,
  entryPoint: 'fetch' | 'gateway' = 'fetch',
): Fetch {
  const { config, parts } = clientContext;
  return async (input, init) => {
    if (originOf(input) !== config.baseURL.origin) {
      return passThrough(input, init);
    }
    const reading = readFetchInput(input, init);
    // Without a Request body to read, the call starts synchronously, before `fetch` returns its promise.
    const request = reading instanceof Promise ? await reading : reading;
    const url = plainUrl(request.url);
    const credential = takeCredential(request.headers);
    const call = prepareCall(
      {
        entryPoint,
        url,
        method: request.method,
        headers: request.headers,
        body: request.body,
        replayable: request.replayable,
        reading: readBodyOf(request, clientContext),
        echoCandidates: echoCandidatesOf(request.body, request.headers, url),
        fetchOptions: request.fetchOptions,
        signal: request.signal,
        credential,
        sendsRetryCount: false,
        requestId: undefined,
        runId: undefined,
        attributes: undefined,
        limits: {},
        wantsValue: false,
      },
      clientContext,
    );
    const result = await runCall(call, parts);
    if (result.kind === 'answer') {
      return toResponse(result.answer);
    }
    throw failureReason(result.facts, result.reason);
  };
}

function originOf(input: string | URL | Request): string | undefined {
  const text = input instanceof Request ? input.url : String(input);
  return knownUrl(text)?.origin;
}

/** Rejects a password in the URL before the platform does: the platform's error quotes it. */
function plainUrl(text: string): URL {
  const url = knownUrl(text) ?? new URL(text);
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('The request URL contains a user name or password. Remove them and pass the key as apiKey.');
  }
  if (url.hash !== '') {
    // `fetch` does not send the fragment, and `response.url` does not contain it.
    const sent = new URL(url);
    sent.hash = '';
    return sent;
  }
  return url;
}

/** Removes the SDK's placeholder key. A key that the caller set stays. */
function takeCredential(headers: HeaderList): Call['credential'] {
  const apiKey = headers.get('x-api-key');
  if (apiKey === KEY_PLACEHOLDER) {
    headers.delete('x-api-key');
    headers.delete('authorization');
    return 'x-api-key';
  }
  const authorization = headers.get('authorization');
  if (apiKey === null && (authorization === null || authorization === `Bearer ${KEY_PLACEHOLDER}`)) {
    headers.delete('authorization');
    return 'bearer';
  }
  return 'none';
}

function readBodyOf({ body, headers }: FetchInput, { parts }: ClientContext): ReturnType<typeof readRequest> {
  const { redactor } = parts.secrets;
  if (headers.has('content-encoding')) {
    return readRequest(undefined, undefined, redactor);
  }
  if (typeof body === 'string') {
    return readRequestText(body, utf8ByteLength(body), redactor);
  }
  return body instanceof Uint8Array
    ? readRequestText(new TextDecoder().decode(body), body.byteLength, redactor)
    : readRequest(undefined, undefined, redactor);
}

/** The error that `fetch` would throw: the caller's abort reason, a timeout, or a network error without a cause. */
export function failureReason(facts: CallFacts, reason: unknown): unknown {
  if (facts.ending === 'cancelled') {
    return reason ?? new DOMException('This operation was aborted', 'AbortError');
  }
  return facts.errorType === 'timeout' ? timeoutReason() : networkError(facts.errorType ?? '_OTHER');
}
