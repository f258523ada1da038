import { parseJson } from '../wire/json-values';
import { createSource } from './abortable-source';

/** Newline-separated JSON values of a stream of bytes. Ends in silence when `controller` aborts. */
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

/** Linear, however small the chunks: what was searched once for a line end is not searched again. */
function createLineSplitter(): LineSplitter {
  const decoder = new TextDecoder();
  let pieces: string[] = [];
  const split = (text: string): string[] => {
    // Between CR and LF stands an empty line, and empty lines count for nothing.
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
    // Not the parser's own error: it quotes the text (L-7).
    throw new SyntaxError('Error reading response: malformed newline-delimited JSON.');
  }
  // What the lines hold is the caller's to know.
  return value.value as Item;
}
