import { isIPv4 } from 'node:net';

/** True if the host name is a loopback name or address. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/**
 * True if `Host` is an address of this gateway. In a DNS rebinding attack, a web page sends its own host name instead.
 *
 * @param port the port of our server; `undefined` if another server mounts the gateway
 */
export function isOwnHost(host: string, port: number | undefined): boolean {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(host);
  if (match?.[1] === undefined || !isLoopbackHost(match[1])) {
    return false;
  }
  return port === undefined || Number(match[2] ?? 80) === port;
}

/** True if a web page from another origin sent the request. Agents send neither header. */
export function isForeignOrigin(headers: Headers, port: number | undefined): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    return true;
  }
  const origin = headers.get('origin');
  return origin !== null && !(origin.startsWith('http://') && isOwnHost(origin.slice('http://'.length), port));
}
