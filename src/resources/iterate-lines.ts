import { parseJson } from '../wire/json';
import { createSource } from './abortable-source';

/** Yields the newline-separated JSON values of a byte stream. Ends without an error if `controller` aborts. */
export async function* iterateLines<Item>(
  readable: ReadableStream<Uint8Array>,
  controller: AbortController,
): AsyncGenerator<Item, undefined> {
  const source = createSource(readable, controller);
  const lines = createLineSplitter();
  let isWhole = false;
  try {
    for (;;) {
      const chunk = await source.read();
      for (const line of chunk === undefined ? lines.end() : lines.push(chunk)) {
        if (controller.signal.aborted) {
          return undefined;
        }
        if (line.trim() !== '') {
          yield parsed<Item>(line);
        }
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

interface LineSplitter {
  push(chunk: Uint8Array): readonly string[];
  end(): readonly string[];
}

/** Splits text into lines. Takes linear time even for tiny chunks, because no text is searched twice. */
function createLineSplitter(): LineSplitter {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  const split = (text: string): string[] => {
    // CR LF yields an additional empty line. The caller skips empty lines.
    const [first = '', ...rest] = text.split(/[\r\n]/);
    pieces.push(first);
    if (rest.length === 0) {
      return [];
    }
    const line = pieces.join('');
    pieces = rest.splice(-1);
    return [line, ...rest];
  };
  return {
    push: (chunk) => split(decoder.decode(chunk, { stream: true })),
    end: () => split(`${decoder.decode()}\n`),
  };
}

function parsed<Item>(line: string): Item {
  const value = parseJson(line);
  if (value === undefined) {
    // The error of JSON.parse is dropped because its message quotes the text.
    throw new SyntaxError('Error reading response: malformed newline-delimited JSON.');
  }
  // The caller declares the type of the lines.
  return value.value as Item;
}
