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
import type { ErrorType } from '../facts/enums';
import type { CallObserver, SpanIds, TracePort } from '../facts/observer';
import type { AttributeSets } from './attribute-sets';
import { warnWithoutContextManager } from './context-manager';
import { isGenAiCall } from './gen-ai-call';
import { runInside } from './run-inside';
import { genAiSpanName, httpSpanName } from './span-name';
import { isSuppressed, suppressed } from './suppression';
import { recordedIds, traceparentOf } from './trace-ids';
import { createTracerSource } from './tracer-source';

/** The settings of the spans. */
export interface SpanSettings {
  readonly urlTemplate: boolean;
  /** True if each attempt receives the `traceparent` of its span. */
  readonly propagate: boolean;
  /** @default the global tracer provider, looked up for each call: an SDK may start after the client was created */
  readonly tracerProvider?: TracerProvider | undefined;
}

/** Returns the context that metrics and log events of a call need. */
export interface CallContexts {
  /** Returns the context of an open call with its span. `undefined` if nothing may be recorded for the call. */
  contextOf(call: CallOpening): Context | undefined;
}

interface OpenCall {
  /** The active context when the call started. Passed explicitly, because a stream may be read in any other context. */
  caller: Context;
  /** The parent of the attempts: the context of the GenAI span, or else the caller's. */
  attemptParent: Context;
  /** The context of metrics and events: with the GenAI span, or else with the span of the last attempt. */
  own: Context;
  genAi: Span | undefined;
  ids?: SpanIds | undefined;
  readonly attempts: Map<number, Span>;
}

/** Creates one GenAI span per call, and below it one HTTP span per attempt. */
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
        // The call was abandoned or cancelled while these attempts were open.
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
        // No span is recorded here, so do not suppress other instrumentations.
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
 * Releases the spans. V8 keeps the old table of a grown map alive until the next full garbage collection. An entry in
 * that table must not keep spans alive.
 */
function hollow(state: OpenCall): void {
  state.attemptParent = ROOT_CONTEXT;
  state.own = ROOT_CONTEXT;
  state.caller = ROOT_CONTEXT;
  state.genAi = undefined;
  state.attempts.clear();
}

/** Uses the ids and the context of `span` for the call. */
function standFor(state: OpenCall, span: Span, context: Context): void {
  state.own = context;
  state.ids = recordedIds(span);
  if (state.ids !== undefined) {
    warnWithoutContextManager();
  }
}

/** Ends a span. Computes attributes only for a recording span. Without an error, the status stays unset. */
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
