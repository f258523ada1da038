/** Headers for a single connection (RFC 9110, section 7.6.1). Removed in both directions. */
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

/** Removed from requests: the agent's credentials, and headers that this hop sets itself. `expect` is answered here. */
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
  // Not forwarded by default. With `telemetry.propagate`, each attempt sends its own.
  'traceparent',
  'tracestate',
  'baggage',
]);

/**
 * Removed from responses. An upstream CORS header must not allow a web page to read this gateway's responses. `alt-svc`
 * names addresses of the upstream, not of this gateway.
 */
const NOT_BACK: ReadonlySet<string> = new Set([...HOP_BY_HOP, 'alt-svc']);

/** Returns the request headers to send upstream. */
export function headersUpstream(received: Headers): Headers {
  const headers = without(received, received.get('connection'), (name) => NOT_UPSTREAM.has(name));
  if (headers.has('accept-encoding')) {
    // Requests an uncompressed response: we forward bytes unchanged, and tracing cannot read compressed bytes.
    headers.set('accept-encoding', 'identity');
  }
  return headers;
}

/** Returns the response headers to send to the agent. */
export function headersBack(received: Iterable<readonly [string, string]>, connection: string | null): Headers {
  const headers = without(received, connection, (name) => NOT_BACK.has(name) || name.startsWith('access-control-'));
  if (/^text\/event-stream\b/i.test(headers.get('content-type') ?? '')) {
    // A stream can match its content length and still lack its final event. Chunked encoding lets us signal that.
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

/** Names listed in `Connection`: more headers that apply to a single connection. */
function namesIn(connection: string | null): ReadonlySet<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
