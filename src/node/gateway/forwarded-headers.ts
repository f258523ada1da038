/** Meant for one connection (RFC 9110 7.6.1), so they end here in both directions. */
const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Secrets of the client's side, and what this hop says anew. `expect` was answered here. */
const NOT_UPSTREAM: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  'host',
  'content-length',
  'expect',
  'authorization',
  'x-api-key',
  'api-key',
  'x-cometapi-gateway-token',
  'cookie',
  // The trace ends here unless `telemetry.propagate` says otherwise; then each attempt has its own.
  'traceparent',
  'tracestate',
  'baggage',
]);

/** A page in a browser must never be let in by what the upstream says, and its other addresses are not ours. */
const NOT_BACK: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'alt-svc']);

/** What of a request's headers goes upstream. */
export function headersUpstream(received: Headers): Headers {
  const headers = without(received, received.get('connection'), (name) => NOT_UPSTREAM.has(name));
  if (headers.has('accept-encoding')) {
    // Bytes pass through as they come, so they have to come plain: what was compressed would have to be decoded to be traced.
    headers.set('accept-encoding', 'identity');
  }
  return headers;
}

/** What of the answer's headers goes back. */
export function headersBack(received: Iterable<readonly [string, string]>, connection: string | null): Headers {
  const headers = without(received, connection, (name) => NOT_BACK.has(name) || name.startsWith('access-control-'));
  if (/^text\/event-stream\b/i.test(headers.get('content-type') ?? '')) {
    // A stream may have the length it promised and yet no end; with chunks we can say so.
    headers.delete('content-length');
  }
  return headers;
}

function without(
  received: Iterable<readonly [string, string]>,
  connection: string | null,
  isDropped: (name: string) => boolean,
): Headers {
  const named = namesIn(connection);
  const headers = new Headers();
  for (const [name, value] of received) {
    const lowerCase = name.toLowerCase();
    if (!isDropped(lowerCase) && !named.has(lowerCase)) {
      headers.append(lowerCase, value);
    }
  }
  return headers;
}

/** `Connection` may name further headers that are meant for one connection. */
function namesIn(connection: string | null): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
