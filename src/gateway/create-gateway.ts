import type { GatewayOptions } from './gateway-options';
import { openGateway } from './open-gateway';

/** Answers one request. Never rejects. The response body errors if the upstream body ends too early. */
export type Gateway = (request: Request) => Promise<Response>;

/**
 * Creates a local gateway for coding agents as a handler for any server that uses web-standard requests and responses.
 *
 * It checks the local token and replaces it with the CometAPI key. It forwards bytes unchanged in both directions and
 * traces each request. {@link startGateway} provides a server that meets the requirements below.
 *
 * Your server must:
 * - listen on loopback only;
 * - flush every chunk immediately;
 * - abort the client's connection when the response body errors;
 * - abort `request.signal` when the client disconnects.
 *
 * @example
 * const gateway = createGateway({ token });
 * Bun.serve({ hostname: '127.0.0.1', fetch: gateway });
 * @throws CometAPIError or TypeError that names each invalid option
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
