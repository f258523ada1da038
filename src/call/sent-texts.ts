import type { HeaderFields } from '../transport/header-fields';
import type { RequestBody } from '../transport/send';

/** Headers that say nothing of the caller, and whose values an answer may well contain. */
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
 * The texts of a request that a server could echo: body, URL, and the caller's headers. `undefined` when the body cannot
 * be looked at: then anything could be an echo.
 */
export function sentTextsOf(
  body: RequestBody | undefined,
  headers: HeaderFields,
  url: URL,
): readonly string[] | undefined {
  const inBody = bodyTexts(body, headers.has('content-encoding'));
  if (inBody === undefined) {
    return undefined;
  }
  // One text to look through instead of ten. What is looked for has no line break, so nothing is found across two.
  let others = plain(url.pathname);
  headers.forEach((name, value) => {
    if (!PLAIN_HEADERS.has(name)) {
      others += `\n${name}\n${value}`;
    }
  });
  // Most URLs have no query, and `searchParams` is made when it is asked for.
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
  // Streams and files are not read twice only to look at them, and nothing is unpacked here.
  return undefined;
}

/** A server that repeats a path repeats it decoded. */
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
