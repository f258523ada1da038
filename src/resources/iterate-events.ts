import { APIError } from '../errors/api-error';
import { CometAPIError } from '../errors/cometapi-error';
import { createRedactor } from '../facts/redaction/redactor';
import { asObject, field, parseJson } from '../wire/json';
import { createReadContext } from '../wire/read-context';
import { readErrorValue } from '../wire/read-error';
import { createSseDecoder, isDone, type ServerSentEvent } from '../wire/stream/sse';
import { createSource } from './abortable-source';

/** Yields the events of a response that this client did not request. Ends without an error if `controller` aborts. */
export async function* iterateEvents<Item>(
  response: Response,
  controller: AbortController,
): AsyncGenerator<Item, undefined> {
  if (response.body === null) {
    controller.abort();
    throw new CometAPIError('Attempted to iterate over a response with no body');
  }
  const source = createSource(response.body, controller);
  const events: ServerSentEvent[] = [];
  const decoder = createSseDecoder((event) => events.push(event));
  let isWhole = false;
  try {
    for (;;) {
      const chunk = await source.read();
      if (chunk === undefined) {
        decoder.end();
      } else {
        decoder.push(chunk);
      }
      for (const event of events.splice(0)) {
        if (controller.signal.aborted) {
          return undefined;
        }
        if (isDone(event.data)) {
          isWhole = true;
          return undefined;
        }
        yield itemOf<Item>(event);
      }
      if (chunk === undefined) {
        isWhole = true;
        return undefined;
      }
    }
  } finally {
    source.close(isWhole);
  }
}

function itemOf<Item>({ event, data }: ServerSentEvent): Item {
  const parsed = parseJson(data);
  if (parsed === undefined) {
    // The error of JSON.parse is dropped because its message quotes the text.
    throw new SyntaxError('Error reading response: malformed server-sent event JSON.');
  }
  const error = field(asObject(parsed.value), 'error');
  if (event === 'error' || (error !== undefined && error !== null)) {
    // The request and its key are unknown, so only values that the protocol defines are reported.
    const { code, type, param } = readErrorValue(parsed.value, createReadContext(createRedactor(), undefined));
    throw new APIError({ message: 'The stream contains an error event.', code, type, param });
  }
  // The caller declares the type of the events.
  return parsed.value as Item;
}
