import type { MeterProvider } from '@opentelemetry/api';
import type { CallObserver } from '../facts/observer';
import type { AttributeSets } from './attribute-sets';
import { inputTokensOf, outputTokensOf, seconds, type TokenType } from './attributes';
import { isGenAiCall } from './gen-ai-call';
import { createInstrumentSource } from './instruments';
import type { CallContexts } from './span-observer';

/** The settings of the metrics. */
export interface MetricSettings {
  /** Turn off if an HTTP instrumentation records `http.client.request.duration`: suppression does not stop metrics. */
  readonly httpDurationMetric: boolean;
  /** @default the global meter provider, looked up for each call */
  readonly meterProvider?: MeterProvider | undefined;
}

/** Records metrics when attempts and calls end. Must run before the span observer, which drops the call's context. */
export function createMetricObserver(
  settings: MetricSettings,
  attributes: AttributeSets,
  contexts: CallContexts,
): CallObserver {
  const instruments = createInstrumentSource(settings.meterProvider);

  return {
    attemptClosed(call, attempt) {
      const context = contexts.contextOf(call);
      const use = instruments();
      if (context === undefined || use === undefined) {
        return;
      }
      if (settings.httpDurationMetric) {
        use.httpDuration.record(seconds(attempt.durationMs), attributes.httpDuration(call, attempt), context);
      }
      if (attempt.delayMs !== undefined) {
        use.retryDelay.record(seconds(attempt.delayMs), attributes.retryDelay(call, attempt), context);
      }
    },

    callClosed(call) {
      const context = contexts.contextOf(call);
      const use = instruments();
      if (context === undefined || use === undefined) {
        return;
      }
      // The histogram counts requests, and a call that ended in the queue sent none.
      if (call.attempts.length > 0) {
        use.attempts.record(call.attempts.length, attributes.attempts(call), context);
      }
      if (!isGenAiCall(call)) {
        return;
      }
      use.operationDuration.record(seconds(call.durationMs), attributes.operationDuration(call), context);
      if (call.stream && call.timeToFirstChunkMs !== undefined) {
        use.firstChunk.record(seconds(call.timeToFirstChunkMs), attributes.firstChunk(call), context);
      }
      const tokens = (count: number | undefined, type: TokenType): void => {
        if (count !== undefined) {
          use.tokenUsage.record(count, attributes.tokenUsage(call, type), context);
        }
      };
      tokens(inputTokensOf(call), 'input');
      tokens(outputTokensOf(call), 'output');
    },
  };
}
