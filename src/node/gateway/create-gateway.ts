import type { GatewayOptions } from './gateway-options';
import { openGateway } from './open-gateway';

/** Answers one request. Never rejects; the body of an answer errors when the upstream's did not end as its protocol says. */
export type Gateway = (request: Request) => Promise<Response>;

/**
 * A gateway for coding agents, to be mounted in any server that speaks web standards: checks the local token, puts the
 * upstream key in its place, passes bytes through untouched in both directions, and traces each request.
 *
 * The server that mounts it must listen on loopback only, must pass on every chunk at once, must break off the client's
 * connection when the body errors, and must abort `request.signal` when the client goes. {@link startGateway} does all that.
 *
 * @example
 * const gateway = createGateway({ token });
 * Bun.serve({ hostname: '127.0.0.1', fetch: gateway });
 * @throws CometAPIError or TypeError naming the options that do not fit
 */
export function createGateway(options: GatewayOptions): Gateway {
  const gateway = openGateway(options);
  return (request) => {
    const url = new URL(request.url);
    return gateway.answer({
      method: request.method,
      target: `${url.pathname}${url.search}`,
      headers: request.headers,
      host: request.headers.get('host') ?? url.host,
      port: undefined,
      readBody: (maxBytes) => readBody(request, maxBytes),
      signal: request.signal,
    });
  };
}

async function readBody(request: Request, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | 'too_large'> {
  if (Number(request.headers.get('content-length') ?? 0) > maxBytes) {
    return 'too_large';
  }
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body ?? []) {
    size += chunk.byteLength;
    if (size > maxBytes) {
      return 'too_large';
    }
    chunks.push(chunk);
  }
  return new Uint8Array(Buffer.concat(chunks, size));
}
