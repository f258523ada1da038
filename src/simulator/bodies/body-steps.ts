import { encodeText, type HeaderPairs, type Step, type Steps } from '../step';

/** A complete body with its content length. An empty content type sends no `content-type` header. */
export function* wholeBody(
  status: number,
  contentType: string,
  body: string | Uint8Array,
  headers: HeaderPairs = [],
): Generator<Step> {
  const bytes = typeof body === 'string' ? encodeText(body) : body;
  const type: HeaderPairs = contentType === '' ? [] : [['content-type', contentType]];
  // These statuses have no body and therefore no content length.
  const length: HeaderPairs = status === 204 || status === 304 ? [] : [['content-length', String(bytes.length)]];
  yield { kind: 'head', head: { status, headers: [...type, ...length, ...headers] } };
  if (bytes.length > 0) {
    yield { kind: 'bytes', bytes };
  }
  yield { kind: 'end' };
}

/** A JSON body with its content length. */
export function jsonBody(status: number, body: unknown, headers: HeaderPairs = []): Steps {
  return wholeBody(status, 'application/json; charset=utf-8', JSON.stringify(body), headers);
}

/** An HTML page, such as a proxy in front of CometAPI sends. */
export function htmlPage(status: number, headers: HeaderPairs = []): Steps {
  const page = `<!DOCTYPE html><html><head><title>${status} simulated page</title></head><body><h1>This is a simulated page, not an API answer.</h1></body></html>`;
  return wholeBody(status, 'text/html; charset=utf-8', page, headers);
}

/** An event stream: the head, `events`, and a normal end. */
export function* eventStream(events: Steps, headers: HeaderPairs = []): Generator<Step> {
  const all: HeaderPairs = [
    ['content-type', 'text/event-stream; charset=utf-8'],
    ['cache-control', 'no-cache'],
    ...headers,
  ];
  yield { kind: 'head', head: { status: 200, headers: all } };
  yield* events;
  yield { kind: 'end' };
}
