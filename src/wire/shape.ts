import { type Identifier, identifier } from '../facts/identifier';
import type { Redactor } from '../facts/redaction/redactor';
import type { JsonType, ResponseMetadata, ResponseShape, ShapeField } from '../facts/shape';
import { asObject, field, parseJson } from './json';
import { createReadContext } from './read-context';
import { readHeaders } from './read-headers';

/** A minimal response takes a few KiB. A larger body is not one, and its shape is not read. */
const MAX_BYTES = 1_048_576;
const MAX_FIELDS = 300;
const MAX_DEPTH = 12;
/** List items are alike. A few of them show which fields are optional. */
const MAX_ITEMS = 50;

const OTHER = '_OTHER';
const NAME = /^[A-Za-z_][A-Za-z0-9_-]{0,47}$/;
/** A name with more digits is an identifier that serves as a map key, not a field name. */
const MAX_DIGITS = 4;

const TIMING_HEADERS = ['openai-processing-ms', 'server-timing', 'x-envoy-upstream-service-time'];
const RATE_LIMIT_HEADERS = /^(?:x-)?ratelimit-/;

/**
 * Reads the shape of a response: the paths and types of its fields. Consumes the body and keeps none of its values.
 *
 * @param guard replaces a name by `_OTHER` if it contains part of a secret. Unusual names are replaced too.
 */
export async function readShape(response: Response, redactor: Redactor): Promise<ResponseShape> {
  const { contentKind, requestId } = readHeaders(response.headers, createReadContext(redactor, []));
  const { text, isWhole } = await readText(response.body);
  const parsed = isWhole ? parseJson(text) : undefined;
  const { fields, truncated } =
    parsed === undefined ? { fields: [], truncated: !isWhole } : shapeOf(parsed.value, redactor);
  return { contentKind, fields, truncated, metadata: metadataOf(response.headers, parsed?.value, requestId) };
}

/** Returns the paths and types of a JSON value, limited in number, depth and length. */
export function shapeOf(value: unknown, redactor: Redactor): Pick<ResponseShape, 'fields' | 'truncated'> {
  const found = new Map<Identifier<'json_path'>, Set<JsonType>>();
  let truncated = false;

  const visit = (inner: unknown, path: string, depth: number): void => {
    const checked =
      identifier('json_path', path, redactor) ?? identifier('json_path', path.replace(/[^.[\]]+/g, OTHER), redactor);
    const isNew = checked !== undefined && !found.has(checked);
    if (checked === undefined || depth > MAX_DEPTH || (isNew && found.size >= MAX_FIELDS)) {
      truncated = true;
      return;
    }
    found.set(checked, (found.get(checked) ?? new Set()).add(typeOf(inner)));
    if (Array.isArray(inner)) {
      truncated ||= inner.length > MAX_ITEMS;
      for (const item of inner.slice(0, MAX_ITEMS)) {
        visit(item, `${checked}[]`, depth + 1);
      }
      return;
    }
    for (const [name, member] of Object.entries(asObject(inner) ?? {})) {
      visit(member, `${checked}.${fieldName(name, redactor)}`, depth + 1);
    }
  };

  const root = asObject(value);
  if (root === undefined) {
    visit(value, '$', 0);
  } else {
    for (const [name, member] of Object.entries(root)) {
      visit(member, fieldName(name, redactor), 1);
    }
  }
  const fields = [...found].map(([path, types]): ShapeField => ({ path, types: [...types].sort() }));
  return { fields: fields.sort((one, other) => (one.path < other.path ? -1 : 1)), truncated };
}

function fieldName(name: string, redactor: Redactor): string {
  const digits = name.replace(/\D/g, '').length;
  return NAME.test(name) && digits <= MAX_DIGITS && !redactor.looksSensitive(name) ? name : OTHER;
}

function typeOf(value: unknown): JsonType {
  if (value === null) {
    return 'null';
  }
  if (Array.isArray(value)) {
    return 'array';
  }
  const type = typeof value;
  // JSON has no other types.
  return type === 'string' || type === 'number' || type === 'boolean' ? type : 'object';
}

function metadataOf(
  headers: Headers,
  value: unknown,
  requestId: Identifier<'id'> | undefined,
): readonly ResponseMetadata[] {
  const body = asObject(value);
  const names = [...headers.keys()];
  const hasCreated = ['created', 'created_at'].some((name) => typeof field(body, name) === 'number');
  const found: readonly (readonly [ResponseMetadata, boolean])[] = [
    ['usage', asObject(field(body, 'usage')) !== undefined],
    ['timing', hasCreated || TIMING_HEADERS.some((name) => names.includes(name))],
    ['request_id', requestId !== undefined],
    ['rate_limit_headers', names.some((name) => RATE_LIMIT_HEADERS.test(name))],
  ];
  return found.filter(([, isThere]) => isThere).map(([word]) => word);
}

/** Reads up to {@link MAX_BYTES}. Returns no text for a larger or broken body. */
async function readText(
  body: ReadableStream<Uint8Array> | null,
): Promise<{ readonly text: string; readonly isWhole: boolean }> {
  if (body === null) {
    return { text: '', isWhole: true };
  }
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let text = '';
  let size = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) {
        return { text: text + decoder.decode(), isWhole: true };
      }
      size += value.byteLength;
      if (size > MAX_BYTES) {
        await reader.cancel();
        return { text: '', isWhole: false };
      }
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The facts of the call report how the body failed.
    return { text: '', isWhole: false };
  }
}
