import {
  type Context,
  context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type TracerProvider,
  trace,
} from '@opentelemetry/api';
import type { AttemptFacts, CallOpening } from '../facts/call-facts';
import type { CallObserver, SpanIds, TracePort } from '../facts/observer';
import type { ErrorType } from '../facts/words';
import type { AttributeSets } from './attribute-sets';
import { warnWithoutContextManager } from './context-manager';
import { isGenAiCall } from './gen-ai-call';
import { runInside } from './run-inside';
import { genAiSpanName, httpSpanName } from './span-name';
import { isSuppressed, suppressed } from './suppression';
import { recordedIds, traceparentOf } from './trace-ids';
import { createTracerSource } from './tracer-source';

/** What spans need to know. */
export interface SpanSettings {
  readonly urlTemplate: boolean;
  /** Hand each attempt the `traceparent` of its span. */
  readonly propagate: boolean;
  /** @default the global one, looked up at each call: an SDK may start after the client was made */
  readonly tracerProvider?: TracerProvider | undefined;
}

/** Where a call belongs, for what is recorded beside the spans. */
export interface CallContexts {
  /** The context of an open call with its span in it; `undefined` when nothing may be recorded for it. */
  contextOf(call: CallOpening): Context | undefined;
}

interface OpenCall {
  /** The caller's context when the call opened; explicit ever after, since a stream is read anywhere. */
  caller: Context;
  /** Parent of the attempts: the GenAI span, or else the caller's. */
  attemptParent: Context;
  /** Where metrics and events belong: the GenAI span, or else the last attempt's. */
  own: Context;
  genAi: Span | undefined;
  ids?: SpanIds | undefined;
  readonly attempts: Map<number, Span>;
}

/** One GenAI span a call, and one HTTP span an attempt beside each other below it. */
export function createSpanObserver(
  settings: SpanSettings,
  attributes: AttributeSets,
): CallObserver & TracePort & CallContexts {
  const open = new Map<string, OpenCall>();
  const tracer = createTracerSource(settings.tracerProvider);

  return {
    callOpened(call) {
      const caller = context.active();
      if (isSuppressed(caller)) {
        return;
      }
      const state: OpenCall = { caller, attemptParent: caller, own: caller, genAi: undefined, attempts: new Map() };
      open.set(call.callId, state);
      const use = tracer();
      if (use !== undefined && isGenAiCall(call)) {
        const known = attributes.genAiStart(call);
        state.genAi = use.startSpan(genAiSpanName(call), { kind: SpanKind.CLIENT, attributes: known }, caller);
        state.attemptParent = trace.setSpan(caller, state.genAi);
        standFor(state, state.genAi, state.attemptParent);
      }
    },

    attemptOpened(call, attempt) {
      const state = open.get(call.callId);
      const use = tracer();
      if (state === undefined || use === undefined) {
        return;
      }
      const name = httpSpanName(call, settings.urlTemplate);
      const known = attributes.httpStart(call, attempt);
      const span = use.startSpan(name, { kind: SpanKind.CLIENT, attributes: known }, state.attemptParent);
      state.attempts.set(attempt.index, span);
      if (state.genAi === undefined) {
        standFor(state, span, trace.setSpan(state.caller, span));
      }
    },

    attemptClosed(call, attempt) {
      const state = open.get(call.callId);
      const span = state?.attempts.get(attempt.index);
      if (state !== undefined && span !== undefined) {
        state.attempts.delete(attempt.index);
        endAttempt(span, attempt);
      }
    },

    callClosed(call) {
      const state = open.get(call.callId);
      open.delete(call.callId);
      if (state === undefined) {
        return;
      }
      try {
        // Attempts that nobody closed: the call was abandoned, or cancelled from outside.
        for (const [index, span] of state.attempts) {
          endAttempt(
            span,
            call.attempts.find((attempt) => attempt.index === index),
          );
        }
      } finally {
        if (state.genAi !== undefined) {
          end(state.genAi, (span) => attributes.genAiEnd(call, span), call.errorType);
        }
        hollow(state);
      }
    },

    spanIds: (call) => open.get(call.callId)?.ids,

    contextOf: (call) => open.get(call.callId)?.own,

    aroundAttempt(call, attemptIndex, send) {
      const state = open.get(call.callId);
      const span = state?.attempts.get(attemptIndex);
      if (state === undefined || span === undefined) {
        // Nothing is recorded here, so whoever else records requests may.
        return send(undefined);
      }
      const traceparent = settings.propagate ? traceparentOf(span) : undefined;
      return runInside(
        () => suppressed(trace.setSpan(state.attemptParent, span)),
        () => send(traceparent),
      );
    },
  };

  function endAttempt(span: Span, attempt: AttemptFacts | undefined): void {
    end(span, () => attempt && attributes.httpEnd(attempt, span), attempt?.errorType);
  }
}

/**
 * Lets go of the spans. A map that grows leaves its old table behind, and what that held stays until the next full
 * collection: better a hollow entry.
 */
function hollow(state: OpenCall): void {
  state.attemptParent = ROOT_CONTEXT;
  state.own = ROOT_CONTEXT;
  state.caller = ROOT_CONTEXT;
  state.genAi = undefined;
  state.attempts.clear();
}

/** From now on `span` is what the call is found by. */
function standFor(state: OpenCall, span: Span, context: Context): void {
  state.own = context;
  state.ids = recordedIds(span);
  if (state.ids !== undefined) {
    warnWithoutContextManager();
  }
}

/** Facts are read only for a span that keeps them. An end without an error, a caller's abort too, leaves the status unset. */
function end(span: Span, writeFacts: (span: Span) => void, errorType: ErrorType | undefined): void {
  try {
    if (span.isRecording()) {
      writeFacts(span);
      if (errorType !== undefined) {
        span.setStatus({ code: SpanStatusCode.ERROR });
      }
    }
  } finally {
    span.end();
  }
}
