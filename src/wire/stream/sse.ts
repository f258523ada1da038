import { createParser } from 'eventsource-parser';

/** One server-sent event. */
export interface ServerSentEvent {
  /** `undefined` if the event has no `event:` field. */
  readonly event?: string | undefined;
  readonly data: string;
}

/** Decodes bytes into events. The bytes may be split anywhere. */
export interface SseDecoder {
  push(chunk: Uint8Array): void;
  /** Call at the end of the source. An event that lacks only its blank line still counts. */
  end(): void;
}

/** Uses the push interface of eventsource-parser: linear time and no intermediate stream. */
export function createSseDecoder(onEvent: (event: ServerSentEvent) => void): SseDecoder {
  const text = new TextDecoder();
  const parser = createParser({ onEvent });
  return {
    push: (chunk) => parser.feed(text.decode(chunk, { stream: true })),
    end() {
      parser.feed(text.decode());
      parser.feed('\n\n');
    },
  };
}

/** Returns true for the `[DONE]` marker. The length check comes first, so `trim` does not copy long texts. */
export function isDone(data: string): boolean {
  return data.length < 64 && data.trim() === '[DONE]';
}
