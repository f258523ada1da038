import { createParser } from 'eventsource-parser';

/** One server-sent event. */
export interface ServerSentEvent {
  /** `undefined` when the event has no `event:` field. */
  readonly event?: string | undefined;
  readonly data: string;
}

/** Decodes bytes into events, however they are split. */
export interface SseDecoder {
  push(chunk: Uint8Array): void;
  /** The source has ended: an event that only lacks its blank line still counts. */
  end(): void;
}

/** eventsource-parser's push interface: linear time, and no stream in between. */
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

/** Whether an event is the mark that ends a stream. Only a short text can be: long ones are not copied to look. */
export function isDone(data: string): boolean {
  return data.length < 64 && data.trim() === '[DONE]';
}
