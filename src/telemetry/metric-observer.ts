import type { MeterProvider } from '@opentelemetry/api';
import type { CallObserver } from '../facts/observer';
import type { AttributeSets } from './attribute-sets';
import { inputTokensOf, outputTokensOf, seconds, type TokenType } from './attributes';
import { isGenAiCall } from './gen-ai-call';
import { createInstrumentSource } from './instruments';
import type { CallContexts } from './span-observer';

/** What metrics need to know. */
export interface MetricSettings {
  /** Off where an HTTP instrumentation records `http.client.request.duration` too: it does so even when told to stay silent. */
  readonly httpDurationMetric: boolean;
  /** @default the global one, looked up at each call */
  readonly meterProvider?: MeterProvider | undefined;
}

/** Records at the end of each attempt and call. Must be told before the span observer, which forgets the call at its end. */
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
      // A call that ended in the queue sent nothing; the histogram counts requests.
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
