import type { IncomingMessage } from 'node:http';

/** Returns the headers of a request, and its `Host`. `host` is `null` if there is none or more than one. */
export function headersOf({ rawHeaders }: IncomingMessage): {
  readonly headers: Headers;
  readonly host: string | null;
} {
  const headers = new Headers();
  let host: string | null = null;
  let hosts = 0;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = rawHeaders[at] ?? '';
    const value = rawHeaders[at + 1] ?? '';
    if (name.toLowerCase() === 'host') {
      hosts++;
      host = value;
    }
    headers.append(name, value);
  }
  return { headers, host: hosts === 1 ? host : null };
}
