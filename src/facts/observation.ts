import type { AttemptFacts, CallFacts, CallOpening, ResponseFacts } from './call-facts';
import { type Label, timestampLabel } from './label';
import type { AttemptOpening, CallObserver, SpanIds } from './observer';
import type {
  ContentKind,
  Ending,
  EndingReason,
  ErrorCategory,
  ErrorType,
  Phase,
  RequestIdSource,
  ServerCode,
} from './words';
import type { Writable } from './writable';

/** Both clocks at one moment. */
export interface Moment {
  readonly nowMs: number;
  readonly wallMs: number;
}

/** How a call ended, as the one who ended it knows. */
export interface CallEnd {
  readonly ending: Ending;
  readonly endingReason: EndingReason;
  readonly category: ErrorCategory;
  readonly errorType?: ErrorType | undefined;
  readonly phase: Phase;
}

/** An attempt as far as it is known before it is closed. */
export type AttemptClosing = Omit<AttemptFacts, 'index' | 'startOffsetMs' | 'durationMs'>;

/** What is known of the response of the last attempt. */
export interface ResponseNotes {
  status?: number;
  contentKind?: ContentKind;
  serverCode?: ServerCode;
  requestId?: Label<'id'>;
  requestIdSource?: RequestIdSource;
  response?: ResponseFacts;
  timeToFirstChunkMs?: number;
  eventCount?: number;
  responseBytes?: number;
  retryAfterMs?: number;
}

/**
 * The only mutable thing of a call. The path writes what happens; {@link settle} works once and returns frozen facts;
 * everything that is emitted derives from them.
 */
export class CallObservation {
  readonly #opening: CallOpening;
  readonly #observers: CallObserver;
  readonly #spanIds: () => SpanIds | undefined;
  readonly #startedAtMs: number;
  readonly #attempts: AttemptFacts[] = [];
  #notes: ResponseNotes = {};
  #open: { readonly opening: AttemptOpening; readonly startedAtMs: number; closing?: AttemptClosing } | undefined;
  #facts: CallFacts | undefined;

  /** @param observers told of everything; must not throw (the composition root guards them) */
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
      // The process is ending, or a consumer has gone: what is still tried is told to nobody.
      return opening;
    }
    this.#open = { opening, startedAtMs: nowMs };
    // What an earlier attempt was told is told of that attempt.
    this.#notes = {};
    this.#observers.attemptOpened?.(this.#opening, opening);
    return opening;
  }

  /** The attempt's answer is known but its body is still to come; it closes with the body. */
  prepareAttempt(closing: AttemptClosing): void {
    if (this.#open !== undefined) {
      this.#open.closing = closing;
    }
  }

  /** The attempt ends where it was prepared: with the headers of a stream. */
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

  /** Writes down what the last response told. Later notes win. */
  note(notes: ResponseNotes): void {
    Object.assign(this.#notes, notes);
  }

  /** Ends the call; only the first ending counts. */
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
      endedAt: timestampLabel(moment.wallMs),
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
    // The opening and the attempts are frozen, and the rest are words and numbers.
    this.#facts = Object.freeze(facts);
    this.#observers.callClosed?.(this.#facts);
    return this.#facts;
  }
}

/** How an attempt closes that was still open when its call ended. */
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

/** Microseconds are noise. */
function rounded(milliseconds: number): number {
  return Math.max(0, Math.round(milliseconds * 1_000) / 1_000);
}

/** Every object of an opening by name: walking the tree to find them costs more than freezing it. */
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
