import { BodyFailure } from '../wire/body/body-failure';
import type { TypedAnswer } from './typed-call';

/** Endings of a whole body that throw. A response with the status `failed` is returned as a value, as in `openai`. */
const ERRORS: ReadonlySet<string> = new Set(['unexpected_response']);

/**
 * Reads a whole response and returns its value.
 *
 * @throws APIError if the body breaks or is not the expected response
 */
export async function parseAnswer<T>(answer: TypedAnswer): Promise<T> {
  try {
    // Read to the end: only then does the call end and the connection become free.
    while ((await answer.body.read()) !== undefined) {
      // The inspector keeps the parsed value.
    }
  } catch (error) {
    throw error instanceof BodyFailure ? answer.error(error) : error;
  }
  const { end } = answer.body;
  if (end !== undefined && ERRORS.has(end.endingReason) && !answer.openaiCompatible) {
    throw answer.error(undefined, answer.json?.error);
  }
  // `T` is the documented type. Only the basic shape was checked.
  return withMarks(wholeValue(answer), answer) as T;
}

/** Returns what `openai` returns: the parsed JSON or the text, `undefined` for an empty JSON body, `null` for 204. */
function wholeValue(answer: TypedAnswer): unknown {
  if (answer.json?.parsed !== undefined) {
    return answer.json.parsed.value;
  }
  const { status, headers } = answer.response();
  if (status === 204) {
    return null;
  }
  const text = answer.json?.text ?? '';
  return text === '' && /\bjson\b/i.test(headers.get('content-type') ?? '') ? undefined : text;
}

/** Adds `_request_id` and `_facts` to an object. JSON.stringify and spread ignore these properties. */
export function withMarks(value: unknown, answer: TypedAnswer): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.isExtensible(value)) {
    return value;
  }
  Object.defineProperty(value, '_request_id', { value: answer.requestId ?? null, enumerable: false });
  Object.defineProperty(value, '_facts', { value: answer.facts(), enumerable: false });
  return value;
}
