import type { ContentKind, RequestIdSource } from '../facts/enums';
import type { Identifier } from '../facts/identifier';
import { type ReadContext, serverIdentifier } from './read-context';
import type { ResponseHeaders } from './response-headers';

/** The data that a call reads from response headers. */
export interface HeadersReading {
  readonly contentKind: ContentKind;
  readonly requestId: Identifier<'id'> | undefined;
  readonly requestIdSource: RequestIdSource | undefined;
  readonly retryAfter: {
    readonly retryAfter?: string | undefined;
    readonly retryAfterMs?: string | undefined;
    readonly date?: string | undefined;
  };
  readonly shouldRetry: boolean | undefined;
}

const REQUEST_ID_HEADERS = ['x-request-id', 'x-oneapi-request-id', 'cf-ray'] as const;

export function readHeaders(headers: ResponseHeaders, context: ReadContext): HeadersReading {
  const shouldRetry = headers.get('x-should-retry');
  const retryAfter = unlessSecret(headers.get('retry-after'), context);
  const { requestId, requestIdSource } = readRequestId(headers, context);
  return {
    contentKind: readContentKind(headers.get('content-type')),
    requestId,
    requestIdSource,
    retryAfter: {
      retryAfter,
      retryAfterMs: unlessSecret(headers.get('retry-after-ms'), context),
      // Needed only if `Retry-After` is a date: the wait is the difference.
      date: retryAfter === undefined ? undefined : (headers.get('date') ?? undefined),
    },
    shouldRetry: shouldRetry === null ? undefined : shouldRetry.trim().toLowerCase() !== 'false',
  };
}

/** A secret that consists of digits must not be read as a wait. */
function unlessSecret(value: string | null, { redactor }: ReadContext): string | undefined {
  return value === null || redactor.looksSensitive(value) ? undefined : value;
}

function readRequestId(
  headers: ResponseHeaders,
  context: ReadContext,
): Pick<HeadersReading, 'requestId' | 'requestIdSource'> {
  for (const name of REQUEST_ID_HEADERS) {
    const requestId = serverIdentifier('id', headers.get(name)?.trim(), context);
    if (requestId !== undefined) {
      return { requestId, requestIdSource: name };
    }
  }
  return { requestId: undefined, requestIdSource: undefined };
}

export function readContentKind(contentType: string | null): ContentKind {
  const mediaType = contentType?.split(';')[0]?.trim().toLowerCase();
  if (!mediaType) {
    return 'none';
  }
  if (mediaType === 'text/event-stream') {
    return 'event_stream';
  }
  if (mediaType === 'application/json' || mediaType === 'text/json' || mediaType.endsWith('+json')) {
    return 'json';
  }
  if (mediaType === 'text/html' || mediaType === 'application/xhtml+xml') {
    return 'html';
  }
  return mediaType.startsWith('text/') ? 'text' : 'other';
}
