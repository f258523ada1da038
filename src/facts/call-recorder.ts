import type { AttemptFacts, CallFacts, CallOpening, ResponseFacts } from './call-facts';
import type {
  ContentKind,
  Ending,
  EndingReason,
  ErrorCategory,
  ErrorType,
  Phase,
  RequestIdSource,
  ServerCode,
} from './enums';
import { type Identifier, timestampIdentifier } from './identifier';
import type { AttemptOpening, CallObserver, SpanIds } from './observer';
import type { Writable } from './writable';

/** The readings of both clocks at one moment. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** The ending of a call, as reported by the code that ended it. */
export interface CallEnd {
  readonly ending: Ending;
  readonly endingReason: EndingReason;
  readonly category: ErrorCategory;
  readonly errorType?: ErrorType | undefined;
  readonly phase: Phase;
}

/** The facts of an attempt, except those that the observation measures itself. */
export type AttemptClosing = Omit<AttemptFacts, 'index' | 'startOffsetMs' | 'durationMs'>;

/** The facts of the last attempt's response. */
export interface ResponseNotes {
  status?: number;
  contentKind?: ContentKind;
  serverCode?: ServerCode;
  requestId?: Identifier<'id'>;
  requestIdSource?: RequestIdSource;
  response?: ResponseFacts;
  timeToFirstChunkMs?: number;
  eventCount?: number;
  responseBytes?: number;
  retryAfterMs?: number;
}

/**
 * The only mutable state of a call. The call path adds facts; the first {@link settle} freezes them. Spans, metrics,
 * logs, records and errors are derived from the frozen facts.
 */
export class CallRecorder {
  readonly #opening: CallOpening;
  readonly #observers: CallObserver;
  readonly #spanIds: () => SpanIds | undefined;
  readonly #startedAtMs: number;
  readonly #attempts: AttemptFacts[] = [];
  #notes: ResponseNotes = {};
  #open: { readonly opening: AttemptOpening; readonly startedAtMs: number; closing?: AttemptClosing } | undefined;
  #facts: CallFacts | undefined;

  /** @param observers called for every event of the call; must not throw (the caller wraps them) */
  constructor(opening: CallOpening, observers: CallObserver, spanIds: () => SpanIds | undefined, nowMs: number) {
    this.#opening = frozenOpening(opening);
    this.#observers = observers;
    this.#spanIds = spanIds;
    this.#startedAtMs = nowMs;
    observers.callOpened?.(opening);
  }

  /** The facts, once the call has ended. */
  get facts(): CallFacts | undefined {
    return this.#facts;
  }

  openAttempt(nowMs: number): AttemptOpening {
    const opening = { index: this.#attempts.length + 1, startOffsetMs: rounded(nowMs - this.#startedAtMs) };
    if (this.#facts !== undefined) {
      // The call ended early (process exit, or the consumer stopped). Do not report further attempts.
      return opening;
    }
    this.#open = { opening, startedAtMs: nowMs };
    // Response facts belong to one attempt; start empty.
    this.#notes = {};
    this.#observers.attemptOpened?.(this.#opening, opening);
    return opening;
  }

  /** Stores the result of the headers. The attempt closes later, when its body ends. */
  prepareAttempt(closing: AttemptClosing): void {
    if (this.#open !== undefined) {
      this.#open.closing = closing;
    }
  }

  /** Closes the attempt with the stored result. Used for streams, whose attempt ends with the headers. */
  closePrepared(nowMs: number): void {
    const prepared = this.#open?.closing;
    if (prepared !== undefined) {
      this.closeAttempt(prepared, nowMs);
    }
  }

  closeAttempt(closing: AttemptClosing, nowMs: number): void {
    const open = this.#open;
    if (open === undefined || this.#facts !== undefined) {
      return;
    }
    this.#open = undefined;
    const facts: AttemptFacts = Object.freeze({
      ...open.opening,
      durationMs: rounded(nowMs - open.startedAtMs),
      ...closing,
    });
    this.#attempts.push(facts);
    this.#observers.attemptClosed?.(this.#opening, facts);
  }

  /** Adds facts of the last response. Later values win. */
  addResponseFacts(notes: ResponseNotes): void {
    Object.assign(this.#notes, notes);
  }

  /** Ends the call. Only the first ending counts; later calls return its facts. */
  settle(end: CallEnd, moment: Moment): CallFacts {
    if (this.#facts !== undefined) {
      return this.#facts;
    }
    const prepared = this.#open?.closing;
    if (this.#open !== undefined) {
      this.closeAttempt(closingAt(end, prepared), moment.nowMs);
    }
    const { ending, endingReason, category, errorType, phase } = end;
    const ids = this.#spanIds();
    const facts: Writable<CallFacts> = {
      ...this.#opening,
      endedAt: timestampIdentifier(moment.wallMs),
      durationMs: rounded(moment.nowMs - this.#startedAtMs),
      attempts: Object.freeze(this.#attempts.slice()),
      ending,
      endingReason,
      category,
      phase,
      maybeSentTwice: this.#attempts.some((attempt) => attempt.maybeSentTwice),
    };
    if (errorType !== undefined) {
      facts.errorType = errorType;
    }
    if (ids !== undefined) {
      facts.traceId = ids.traceId;
      facts.spanId = ids.spanId;
    }
    Object.assign(facts, this.#notes);
    if (facts.response !== undefined) {
      frozenResponse(facts.response);
    }
    // Deeply frozen: the opening and the attempts are frozen, and all other values are primitive.
    this.#facts = Object.freeze(facts);
    this.#observers.callClosed?.(this.#facts);
    return this.#facts;
  }
}

/** The result of an attempt that was still open when its call ended. */
function closingAt(end: CallEnd, prepared: AttemptClosing | undefined): AttemptClosing {
  const base: AttemptClosing = prepared ?? {
    category: end.category,
    phase: end.phase,
    decision: 'not_retried',
    because: end.ending === 'cancelled' ? 'caller_abort' : 'final_transport_failure',
    maybeSentTwice: false,
  };
  if (end.ending === 'completed') {
    return { ...base, phase: end.phase };
  }
  const isFailure = end.ending === 'failed' && end.errorType !== undefined;
  return {
    ...base,
    category: end.category,
    phase: end.phase,
    because: prepared === undefined ? base.because : 'committed',
    ...(isFailure && { errorType: end.errorType }),
  };
}

/** Rounds to microseconds. A negative duration (the clock ran backwards) becomes 0. */
function rounded(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1_000) / 1_000);
}

/** Freezes each object by name. A generic walk would cost more than the freezing itself. */
function frozenOpening(opening: CallOpening): CallOpening {
  const { request, settings, attributes, agent } = opening;
  Object.freeze(request.fields);
  Object.freeze(request);
  Object.freeze(settings);
  for (const attribute of attributes) {
    Object.freeze(attribute);
  }
  Object.freeze(attributes);
  if (agent !== undefined) {
    Object.freeze(agent);
  }
  return Object.freeze(opening);
}

function frozenResponse(response: ResponseFacts): ResponseFacts {
  Object.freeze(response.finishReasons);
  Object.freeze(response.usage);
  return Object.freeze(response);
}
