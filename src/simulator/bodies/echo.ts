import type { Exchange } from '../exchange';
import { reheaded, withJson } from '../faults/http-faults';
import type { Head, Steps } from '../step';

/** Fields of all three endpoints that a client may treat as an identifier or enum value. Replaced by the key. */
const WORD_FIELDS: ReadonlySet<string> = new Set([
  'id',
  'model',
  'finish_reason',
  'stop_reason',
  'service_tier',
  'code',
  'name',
  'call_id',
  'item_id',
  'reason',
  'response_id',
]);
/** Fields that contain prose. Replaced by the key and the prompt. */
const PROSE_FIELDS: ReadonlySet<string> = new Set([
  'message',
  'content',
  'text',
  'delta',
  'arguments',
  'instructions',
  'param',
  'refusal',
  'partial_json',
]);

/** Puts the caller's key and prompt into every place of an answer where a server could put them. */
export function echoed(steps: Steps, exchange: Exchange): Steps {
  const key =
    exchange.request.headers['authorization']?.replace(/^Bearer /i, '') ?? exchange.request.headers['x-api-key'] ?? '';
  const prose = `The server repeats: ${key} ${promptOf(exchange.fields)}`;
  const changed = withJson(steps, (json) => JSON.stringify(replaceStrings(JSON.parse(json), key, prose)));
  return reheaded(changed, (head) => withEchoHeaders(head, key, prose));
}

function replaceStrings(value: unknown, key: string, prose: string, isError = false): unknown {
  if (Array.isArray(value)) {
    return value.map((item) => replaceStrings(item, key, prose, isError));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, replaceMember(name, member, key, prose, isError)]),
  );
}

function replaceMember(name: string, member: unknown, key: string, prose: string, isError: boolean): unknown {
  if (typeof member !== 'string') {
    return replaceStrings(member, key, prose, name === 'error');
  }
  if (name === 'system_fingerprint') {
    // Has the form of a fingerprint, but contains the key.
    return `fp_${key.replace(/^sk-/, '')}`;
  }
  if (WORD_FIELDS.has(name) || (isError && name === 'type')) {
    return key;
  }
  return PROSE_FIELDS.has(name) ? prose : member;
}

/** The prose contains spaces, because a client cannot distinguish a one-word prompt from an identifier. */
function withEchoHeaders(head: Head, key: string, prose: string): Head {
  const line = prose.replace(/[^\x20-\x7e]/g, '?').slice(0, 1_000);
  return {
    ...head,
    headers: [
      ...head.headers,
      ['x-request-id', key],
      ['x-oneapi-request-id', line],
      ['cf-ray', key],
      ['retry-after', key],
      ['openai-organization', line],
      ['x-simulated-echo', line],
    ],
  };
}

/** Returns all strings of the request. */
function promptOf(fields: Readonly<Record<string, unknown>>): string {
  const texts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') {
      texts.push(value);
    } else if (typeof value === 'object' && value !== null) {
      Object.values(value).forEach(visit);
    }
  };
  visit(fields);
  return texts.join(' ');
}
