import type { HeaderList } from '../../transport/header-list';
import type { RequestBody } from '../../transport/send';

/** Headers without private content. A response may contain their values without being an echo. */
const PLAIN_HEADERS: ReadonlySet<string> = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-type',
  'content-length',
  'x-request-id',
  'traceparent',
  'host',
  'connection',
]);

/**
 * The texts of a request that a server may echo: body, URL, and the caller's headers. See
 * docs/decisions/0008-echo-rule.md.
 *
 * @returns `undefined` if the body cannot be read. Any value of the response may then be an echo
 */
export function echoCandidatesOf(
  body: RequestBody | undefined,
  headers: HeaderList,
  url: URL,
): readonly string[] | undefined {
  const inBody = bodyTexts(body, headers.has('content-encoding'));
  if (inBody === undefined) {
    return undefined;
  }
  // One joined text is faster to search than ten. Searched values contain no line break, so none matches across parts.
  let others = plain(url.pathname);
  headers.forEach((name, value) => {
    if (!PLAIN_HEADERS.has(name)) {
      others += `\n${name}\n${value}`;
    }
  });
  // Most URLs have no query, and the `searchParams` getter creates an object.
  return url.search === '' ? [...inBody, others] : [...inBody, others, ...[...url.searchParams].flat()];
}

function bodyTexts(body: RequestBody | undefined, isCompressed: boolean): readonly string[] | undefined {
  if (body === undefined || typeof body === 'string') {
    return body === undefined ? [] : [body];
  }
  if (body instanceof Uint8Array && !isCompressed) {
    return [new TextDecoder().decode(body)];
  }
  if (body instanceof URLSearchParams) {
    return [...body].flat();
  }
  // A stream can be read only once, and this function does not read files or decompress bodies.
  return undefined;
}

/** The path as sent and decoded, because a server may echo the decoded form. */
function plain(path: string): string {
  if (!path.includes('%')) {
    return path;
  }
  try {
    return `${path} ${decodeURIComponent(path)}`;
  } catch {
    return path;
  }
}
