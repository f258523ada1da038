import { errorAnswer, errorEnvelope } from '../bodies/error-body';
import type { Exchange } from '../exchange';
import { type EventPart, encodeText, isEventStream, type Step, type Steps } from '../step';

/** Options of `scenario.errorEvent()`. */
export interface ErrorEventOptions {
  /** Writes the line `event: error`. @default true for responses and messages, false for chat */
  readonly named?: boolean;
  /** Number of data events before the error. 0 sends it first. @default 2 */
  readonly afterEvents?: number;
  /** `error.code`. @default '' */
  readonly code?: string;
  /** `error.message`, without the request id. @default 'simulated: the stream failed' */
  readonly message?: string;
}

/** Ends a stream early with an error event. Any other answer becomes an error with status 200. */
export function* withErrorEvent(steps: Steps, exchange: Exchange, options: ErrorEventOptions): Generator<Step> {
  const failure = {
    status: 200,
    message: options.message ?? 'simulated: the stream failed',
    code: options.code,
  };
  if (!exchange.stream) {
    yield* errorAnswer(exchange, failure);
    return;
  }
  const limit = options.afterEvents ?? 2;
  let events = 0;
  let isStream = false;
  for (const step of steps) {
    isStream ||= step.kind === 'head' && isEventStream(step.head);
    if (isStream && (step.kind === 'end' || (step.kind === 'event' && events++ >= limit))) {
      break;
    }
    yield step;
  }
  if (isStream) {
    yield errorFrame(exchange, failure, options.named ?? exchange.family !== 'chat', limit);
    yield { kind: 'end' };
  }
}

function errorFrame(
  exchange: Exchange,
  failure: { readonly status: number; readonly message: string; readonly code: string | undefined },
  isNamed: boolean,
  sequenceNumber: number,
): Step {
  const envelope = errorEnvelope(exchange, failure);
  // In a responses stream, the error fields are at the top level, with a sequence number.
  const { error } = envelope;
  const data =
    exchange.family === 'responses' && typeof error === 'object'
      ? { param: null, ...error, type: 'error', sequence_number: sequenceNumber }
      : envelope;
  return { kind: 'event', ...(isNamed ? { name: 'error' } : {}), data: JSON.stringify(data), part: 'terminal' };
}

/** Omits the events of the given parts. */
export function* withoutParts(steps: Steps, parts: readonly EventPart[]): Generator<Step> {
  for (const step of steps) {
    if (step.kind !== 'event' || !parts.includes(step.part)) {
      yield step;
    }
  }
}

/** Sends all events and does not end the stream. */
export function* lingering(steps: Steps): Generator<Step> {
  let hadEvents = false;
  for (const step of steps) {
    hadEvents ||= step.kind === 'event';
    yield hadEvents && step.kind === 'end' ? { kind: 'hang' } : step;
  }
}

/** Sends one more delta and invalid JSON after the end of the stream. */
export function* withDataAfterDone(steps: Steps): Generator<Step> {
  let lastDelta: Step | undefined;
  for (const step of steps) {
    if (step.kind === 'event' && step.part === 'delta') {
      lastDelta = step;
    } else if (step.kind === 'end' && lastDelta !== undefined) {
      yield lastDelta;
      yield { kind: 'bytes', bytes: encodeText('data: {"simulated": "not the whole JSON\n\n') };
    }
    yield step;
  }
}

/** Content of an endless answer: events, one line that never ends, comments, or a body of plain text. */
export type EndlessContent = 'events' | 'line' | 'comments' | 'body';

/** Sends without end, as fast as the client reads. */
export function* endlessly(steps: Steps, content: EndlessContent): Generator<Step> {
  let lastDelta: Step | undefined;
  for (const step of steps) {
    if (step.kind === 'head' && content === 'body') {
      const headers = step.head.headers.filter(([name]) => name !== 'content-length');
      yield { kind: 'head', head: { ...step.head, headers } };
      break;
    }
    if (step.kind === 'end' || (step.kind === 'event' && step.part !== 'delta')) {
      break;
    }
    lastDelta = step.kind === 'event' ? step : lastDelta;
    yield step;
  }
  const filler = encodeText('simulated '.repeat(6_553));
  const repeated: Readonly<Record<EndlessContent, Step>> = {
    events: lastDelta ?? { kind: 'bytes', bytes: filler },
    line: { kind: 'bytes', bytes: filler },
    comments: { kind: 'bytes', bytes: encodeText(`: ${'simulated '.repeat(10)}\n\n`.repeat(500)) },
    body: { kind: 'bytes', bytes: filler },
  };
  if (content === 'line') {
    yield { kind: 'bytes', bytes: encodeText('data: ') };
  }
  for (;;) {
    yield repeated[content];
  }
}
