import type { CallEnd, ResponseNotes } from '../../facts/call-recorder';
import type { EndpointFamily } from '../../facts/endpoints';
import type { Identifier } from '../../facts/identifier';
import type { BodyInspector } from '../body/body-inspector';
import { errorNotes } from '../body/inspect-json';
import { parseJson } from '../json';
import type { ReadContext } from '../read-context';
import { type ErrorReading, readErrorValue } from '../read-error';
import { createStreamReader, type StreamReader, type StreamSignal } from './read-stream';
import { createSseDecoder, isDone, type ServerSentEvent, type SseDecoder } from './sse';

/** A parsed event for the consumer of a stream. */
export type DeliveredEvent =
  | { readonly kind: 'data'; readonly event: string | undefined; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: ErrorReading }
  | { readonly kind: 'malformed' };

/** Inspects server-sent events. */
export interface EventStreamInspector extends BodyInspector {
  /** Set if the stream contained an error event. */
  readonly error: ErrorReading | undefined;
}

export interface EventStreamInspectorOptions {
  readonly family: EndpointFamily;
  readonly requestedModel: Identifier<'model'> | undefined;
  /** The number of choices that the request asks for. */
  readonly choiceCount: number | undefined;
  readonly context: ReadContext;
  /** True if the request asks for a stream. If false, a stream is an unexpected response. */
  readonly expectsStream: boolean;
  /** Returns the milliseconds since the attempt was sent. */
  readonly elapsedMs: () => number;
  /** Receives every event after it is parsed. */
  readonly deliver?: ((event: DeliveredEvent) => void) | undefined;
}

const FINISHED: CallEnd = { ending: 'completed', endingReason: 'terminal_event', category: 'none', phase: 'stream' };
const FAILED_BASE = {
  ending: 'failed',
  category: 'unexpected_response',
  errorType: '_OTHER',
  phase: 'stream',
} as const;
const SAYS_FAILED: CallEnd = { ...FAILED_BASE, endingReason: 'response_failed' };
const ERROR_EVENT: CallEnd = { ...FAILED_BASE, endingReason: 'stream_error_event' };
const UNEXPECTED: CallEnd = { ...FAILED_BASE, endingReason: 'unexpected_response' };
const HTML: CallEnd = { ...UNEXPECTED, category: 'path_or_base_url' };
const TRUNCATED: CallEnd = {
  ending: 'failed',
  endingReason: 'stream_truncated',
  category: 'truncated_stream',
  errorType: 'stream_truncated',
  phase: 'stream',
};

export function createEventStreamInspector(options: EventStreamInspectorOptions): EventStreamInspector {
  return new EventStreamReading(options);
}

/** A class, because object literals with getters are slow in V8 (see `inspect-json.ts`). */
class EventStreamReading implements EventStreamInspector {
  readonly #options: EventStreamInspectorOptions;
  readonly #reader: StreamReader;
  readonly #decoder: SseDecoder;
  #terminal: CallEnd | undefined;
  #isFinished = false;
  #isEnding = false;
  #hasProgress = false;
  #eventCount = 0;
  #timeToFirstChunkMs: number | undefined;
  #error: ErrorReading | undefined;
  #firstByte: number | undefined;

  constructor(options: EventStreamInspectorOptions) {
    this.#options = options;
    this.#reader = createStreamReader(options);
    this.#decoder = createSseDecoder((event) => this.#take(event));
  }

  get terminal(): CallEnd | undefined {
    return this.#terminal;
  }

  get whole(): CallEnd | undefined {
    return this.#terminal ?? (this.#isFinished && this.#options.expectsStream ? FINISHED : undefined);
  }

  get error(): ErrorReading | undefined {
    return this.#error;
  }

  push(chunk: Uint8Array): boolean {
    this.#hasProgress = false;
    this.#firstByte ??= chunk.find(isVisible);
    this.#decoder.push(chunk);
    return this.#hasProgress;
  }

  end(): CallEnd {
    this.#isEnding = true;
    this.#decoder.end();
    if (this.#isFinished) {
      this.#finish(FINISHED);
    }
    return this.#terminal ?? endOfNoStream(this.#eventCount === 0 ? this.#firstByte : undefined) ?? TRUNCATED;
  }

  notes(): ResponseNotes {
    const facts = this.#reader.facts();
    const notes: ResponseNotes = { eventCount: this.#eventCount };
    if (Object.keys(facts).length > 0) {
      notes.response = facts;
    }
    if (this.#timeToFirstChunkMs !== undefined) {
      notes.timeToFirstChunkMs = this.#timeToFirstChunkMs;
    }
    return this.#error === undefined ? notes : { ...notes, ...errorNotes(this.#error) };
  }

  #take({ event, data }: ServerSentEvent): void {
    if (this.#terminal !== undefined || data === '') {
      // Ignore what follows the end. An event without data does not count as an event.
      return;
    }
    if (isDone(data)) {
      this.#finish(FINISHED);
      return;
    }
    const parsed = parseJson(data);
    if (parsed === undefined && this.#isEnding) {
      // Half an event at the end of the source means a truncated stream, not an invalid event.
      return;
    }
    this.#eventCount++;
    this.#hasProgress = true;
    this.#timeToFirstChunkMs ??= this.#options.elapsedMs();
    if (parsed === undefined) {
      this.#takeUnparsed(event);
      return;
    }
    const signal = this.#reader.read(event, parsed.value);
    this.#obey(signal, parsed.value);
    const { deliver } = this.#options;
    if (signal === 'error' && this.#error !== undefined) {
      deliver?.({ kind: 'error', error: this.#error });
    } else {
      deliver?.({ kind: 'data', event, value: parsed.value });
    }
  }

  #takeUnparsed(event: string | undefined): void {
    const { deliver, context } = this.#options;
    // The data of `event: error` may be plain text.
    if (event === 'error') {
      this.#obey('error', undefined);
      deliver?.({ kind: 'error', error: readErrorValue(undefined, context) });
    } else if (deliver !== undefined) {
      this.#finish(UNEXPECTED);
      deliver({ kind: 'malformed' });
    }
  }

  #obey(signal: StreamSignal, value: unknown): void {
    switch (signal) {
      case 'finished':
        this.#isFinished = true;
        break;
      case 'terminal':
        this.#finish(FINISHED);
        break;
      case 'failed':
        this.#finish(SAYS_FAILED);
        break;
      case 'error':
        this.#error = readErrorValue(value, this.#options.context);
        this.#finish(ERROR_EVENT);
        break;
      case 'data':
        break;
      default:
        signal satisfies never;
    }
  }

  /** If the request did not ask for a stream, only an error event keeps its ending reason: it explains the failure. */
  #finish(end: CallEnd): void {
    this.#terminal = this.#options.expectsStream || end === ERROR_EVENT ? end : UNEXPECTED;
  }
}

const isVisible = (byte: number): boolean => byte > 0x20;

/** Detects HTML and JSON in a body that is labelled as an event stream. No event line starts with `<`, `[` or `{`. */
function endOfNoStream(firstByte: number | undefined): CallEnd | undefined {
  switch (firstByte) {
    case 0x3c:
      return HTML;
    case 0x5b:
    case 0x7b:
      return UNEXPECTED;
    default:
      return undefined;
  }
}
