import { BodyFailure } from '../wire/body-failure';
import type { TypedAnswer } from './typed-call';

/** Endings of a whole body that the caller hears of as an error. A response that says it failed is a value, as in `openai`. */
const ERRORS: ReadonlySet<string> = new Set(['unexpected_response']);

/**
 * Reads a whole answer and gives its value.
 *
 * @throws APIError when the body breaks, or is not the answer that was asked for
 */
export async function parseAnswer<T>(answer: TypedAnswer): Promise<T> {
  try {
    // To its end, so that its call ends and its connection is free.
    while ((await answer.body.read()) !== undefined) {
      // The inspector keeps what is needed.
    }
  } catch (error) {
    throw error instanceof BodyFailure ? answer.error(error) : error;
  }
  const { end } = answer.body;
  if (end !== undefined && ERRORS.has(end.endingReason) && !answer.openaiCompatible) {
    throw answer.error(undefined, answer.json?.error);
  }
  // The shape was checked as far as the protocol names it; T is the documented rest.
  return withMarks(wholeValue(answer), answer) as T;
}

/** What `openai` gives: the parsed JSON, else the text, `undefined` for an empty JSON body, `null` for 204. */
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

/** What `openai` and this client add to a value, out of sight of JSON and spreading. */
export function withMarks(value: unknown, answer: TypedAnswer): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || !Object.isExtensible(value)) {
    return value;
  }
  Object.defineProperty(value, '_request_id', { value: answer.requestId ?? null, enumerable: false });
  Object.defineProperty(value, '_facts', { value: answer.facts(), enumerable: false });
  return value;
}
