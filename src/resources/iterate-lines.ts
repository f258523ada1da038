import { parseJson } from '../wire/json-values';

/** Newline-separated JSON values of a stream of bytes. Ends in silence when `controller` aborts. */
export async function* iterateLines<Item>(
  source: ReadableStream<Uint8Array>,
  controller: AbortController,
): AsyncGenerator<Item, undefined> {
  const reader = source.getReader();
  const text = new TextDecoder();
  const cancel = (): void => {
    reader.cancel().catch(() => undefined);
  };
  let rest = '';
  let hasEnded = false;
  controller.signal.addEventListener('abort', cancel, { once: true });
  if (controller.signal.aborted) {
    cancel();
  }
  try {
    while (!controller.signal.aborted) {
      const { done, value } = await reader.read();
      hasEnded = done;
      rest += done ? text.decode() : text.decode(value, { stream: true });
      const lines = rest.split('\n');
      rest = done ? '' : (lines.pop() ?? '');
      for (const line of lines) {
        if (line.trim() !== '') {
          yield parsed<Item>(line);
        }
      }
      if (done) {
        return undefined;
      }
    }
    return undefined;
  } catch (error) {
    if (controller.signal.aborted) {
      return undefined;
    }
    throw error;
  } finally {
    controller.signal.removeEventListener('abort', cancel);
    if (!hasEnded) {
      cancel();
      controller.abort();
    }
    reader.releaseLock();
  }
}

function parsed<Item>(line: string): Item {
  const value = parseJson(line);
  if (value === undefined) {
    // Not the parser's own error: it quotes the text (L-7).
    throw new SyntaxError(`A line of ${line.length} characters is not JSON.`);
  }
  // What the lines hold is the caller's to know.
  return value.value as Item;
}
