import { isIPv4 } from 'node:net';

/** Whether a host name means this machine. */
export function isLoopbackHost(hostname: string): boolean {
  const bare = hostname.replace(/^\[(.*)\]$/, '$1').toLowerCase();
  return bare === 'localhost' || bare === '::1' || (isIPv4(bare) && bare.startsWith('127.'));
}

/**
 * Whether `Host` is an address of this gateway. A page in a browser that was led here by a name of its own (DNS
 * rebinding) says that name.
 *
 * @param port the one that is listened on; `undefined` when a server of somebody else's does
 */
export function isOwnHost(host: string, port: number | undefined): boolean {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9.-]+)(?::(\d{1,5}))?$/.exec(host);
  if (match?.[1] === undefined || !isLoopbackHost(match[1])) {
    return false;
  }
  return port === undefined || Number(match[2] ?? 80) === port;
}

/** Whether a page in a browser sent this, from somewhere else. Agents send neither header. */
export function isForeignOrigin(headers: Headers, port: number | undefined): boolean {
  const site = headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    return true;
  }
  const origin = headers.get('origin');
  return origin !== null && !(origin.startsWith('http://') && isOwnHost(origin.slice('http://'.length), port));
}
