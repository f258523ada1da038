import type { GatewayServer } from './gateway-server';

export interface LoopbackListeners {
  readonly servers: readonly GatewayServer[];
  readonly port: number;
  readonly addresses: readonly string[];
}

/** A port that is free in one address family may be taken in the other. */
const TRIES = 8;

/**
 * Listens on the loopback addresses of both families, because `localhost` can mean either. Otherwise another process
 * could listen on the second one and receive the agents' prompts.
 */
export async function listenOnLoopback(
  host: string,
  port: number,
  create: () => GatewayServer,
): Promise<LoopbackListeners> {
  const [first = host, ...others] = addressesOf(host);
  for (let left = TRIES; ; left--) {
    const server = create();
    const bound = await server.listen(port, first);
    try {
      return await bindOthers(server, bound, first, others, create);
    } catch (error) {
      await server.close(0);
      if (port !== 0 || left <= 1) {
        throw error;
      }
    }
  }
}

async function bindOthers(
  server: GatewayServer,
  port: number,
  first: string,
  others: readonly string[],
  create: () => GatewayServer,
): Promise<LoopbackListeners> {
  const servers = [server];
  const addresses = [first];
  for (const address of others) {
    const other = create();
    try {
      await other.listen(port, address);
      servers.push(other);
      addresses.push(address);
    } catch (error) {
      if (!isMissingFamily(error)) {
        throw error;
      }
    }
  }
  return { servers, port, addresses };
}

function addressesOf(host: string): readonly string[] {
  const bare = host.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  if (bare === '::1') {
    return ['::1', '127.0.0.1'];
  }
  return bare === 'localhost' || bare === '127.0.0.1' ? ['127.0.0.1', '::1'] : [bare];
}

/** True if this machine lacks the address family: some have no IPv6, some no IPv4. */
function isMissingFamily(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(String(error.code))
  );
}
