import type { Label } from '../facts/label';
import type { CallEnd, ResponseNotes } from '../facts/observation';
import type { EndpointFamily } from '../facts/words';
import type { BodyInspector } from './body-inspector';
import { errorNotes } from './inspect-json';
import { parseJson } from './json-values';
import type { ReadContext } from './read-context';
import { type ErrorReading, readErrorValue } from './read-error';
import { createStreamReader, type StreamSignal } from './read-stream';
import { createSseDecoder, type ServerSentEvent } from './sse';

/** An event handed to the one who iterates: parsed once, here. */
export type DeliveredEvent =
  | { readonly kind: 'data'; readonly event: string | undefined; readonly value: unknown }
  | { readonly kind: 'error'; readonly error: ErrorReading }
  | { readonly kind: 'malformed' };

/** An inspector of server-sent events. */
export interface EventStreamInspector extends BodyInspector {
  /** Present when the stream carried an error event. */
  readonly error: ErrorReading | undefined;
}

export interface EventStreamInspectorOptions {
  readonly family: EndpointFamily;
  readonly requestedModel: Label<'model'> | undefined;
  /** How many choices were asked for. */
  readonly choiceCount: number | undefined;
  readonly context: ReadContext;
  /** A whole body was asked for, so a stream is not the answer. */
  readonly expectsStream: boolean;
  /** Milliseconds since the attempt was sent. */
  readonly elapsedMs: () => number;
  /** Given when somebody iterates: then every event is parsed. Without it only those that can hold facts are. */
  readonly deliver?: (event: DeliveredEvent) => void;
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

/**
 * Events that can hold facts: the first ones, those with a reason, usage or an error, and the ends of a response.
 * Deltas have none of these, so they pass unparsed where nobody iterates (more than half of the cost of a stream is JSON.parse).
 */
const MAY_HOLD_FACTS =
  /"finish_reason"\s*:\s*"|"stop_reason"\s*:\s*"|"usage"\s*:\s*\{|"error"\s*:|"response"\s*:\s*\{|"message_stop"/;

/** Some gateways begin with events of their own; the id stands in one of the first of the answer's. */
const MAX_EARLY_EVENTS = 8;

export function createEventStreamInspector(options: EventStreamInspectorOptions): EventStreamInspector {
  const reader = createStreamReader(options);
  let terminal: CallEnd | undefined;
  let isFinished = false;
  let isEnding = false;
  let hasProgress = false;
  let eventCount = 0;
  let timeToFirstChunkMs: number | undefined;
  let error: ErrorReading | undefined;
  let firstByte: number | undefined;

  /** A stream is not the answer where none was asked for; what it says of an error is more telling. */
  const finish = (end: CallEnd): void => {
    terminal = options.expectsStream || end === ERROR_EVENT ? end : UNEXPECTED;
  };

  const obey = (signal: StreamSignal, value: unknown): void => {
    switch (signal) {
      case 'finished':
        isFinished = true;
        break;
      case 'terminal':
        finish(FINISHED);
        break;
      case 'failed':
        finish(SAYS_FAILED);
        break;
      case 'error':
        error = readErrorValue(value, options.context);
        finish(ERROR_EVENT);
        break;
      case 'data':
        break;
      default:
        signal satisfies never;
    }
  };

  const onEvent = ({ event, data }: ServerSentEvent): void => {
    if (terminal !== undefined || data === '') {
      // Nothing after the end counts, and an event without data is none.
      return;
    }
    if (data.trim() === '[DONE]') {
      finish(FINISHED);
      return;
    }
    const isEarly = eventCount === 0 || (eventCount < MAX_EARLY_EVENTS && !reader.knowsId());
    const isAsked = options.deliver !== undefined || isEarly || isEnding || event === 'error';
    if (!isAsked && !MAY_HOLD_FACTS.test(data)) {
      eventCount++;
      hasProgress = true;
      return;
    }
    const parsed = parseJson(data);
    if (parsed === undefined && isEnding) {
      // Half an event at the end of the source: the stream was cut, the server did not err.
      return;
    }
    eventCount++;
    hasProgress = true;
    timeToFirstChunkMs ??= options.elapsedMs();
    if (parsed === undefined) {
      // `event: error` may carry plain text.
      if (event === 'error') {
        obey('error', undefined);
        options.deliver?.({ kind: 'error', error: readErrorValue(undefined, options.context) });
        return;
      }
      if (options.deliver !== undefined) {
        finish(UNEXPECTED);
        options.deliver({ kind: 'malformed' });
      }
      return;
    }
    const signal = reader.read(event, parsed.value);
    obey(signal, parsed.value);
    if (signal === 'error' && error !== undefined) {
      options.deliver?.({ kind: 'error', error });
    } else {
      options.deliver?.({ kind: 'data', event, value: parsed.value });
    }
  };
  const decoder = createSseDecoder(onEvent);

  return {
    push(chunk) {
      hasProgress = false;
      firstByte ??= chunk.find(isVisible);
      decoder.push(chunk);
      return hasProgress;
    },
    get terminal() {
      return terminal;
    },
    get whole() {
      return terminal ?? (isFinished && options.expectsStream ? FINISHED : undefined);
    },
    get error() {
      return error;
    },
    end() {
      isEnding = true;
      decoder.end();
      if (isFinished) {
        finish(FINISHED);
      }
      return terminal ?? endOfNoStream(eventCount === 0 ? firstByte : undefined) ?? TRUNCATED;
    },
    notes() {
      const facts = reader.facts();
      const notes: ResponseNotes = { eventCount };
      if (Object.keys(facts).length > 0) {
        notes.response = facts;
      }
      if (timeToFirstChunkMs !== undefined) {
        notes.timeToFirstChunkMs = timeToFirstChunkMs;
      }
      return error === undefined ? notes : { ...notes, ...errorNotes(error) };
    },
  };
}

const isVisible = (byte: number): boolean => byte > 0x20;

/** No line of an event stream begins like markup or JSON: something else came without saying so. */
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
