import { createNoopMeter, type Histogram, type MeterProvider, metrics, ValueType } from '@opentelemetry/api';
import { SCOPE } from './scope';
import {
  METRIC_COMETAPI_CLIENT_ATTEMPTS,
  METRIC_COMETAPI_CLIENT_RETRY_DELAY,
  METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
  METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
  METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
  METRIC_HTTP_CLIENT_REQUEST_DURATION,
} from './semconv';

/** The histograms of one meter. */
export interface Instruments {
  readonly httpDuration: Histogram;
  readonly operationDuration: Histogram;
  readonly tokenUsage: Histogram;
  readonly firstChunk: Histogram;
  readonly attempts: Histogram;
  readonly retryDelay: Histogram;
}

// The semantic conventions advise the boundaries of the first three.
const HTTP_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10];
const OPERATION_SECONDS = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
const TOKENS = [1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144, 1048576, 4194304, 16777216, 67108864];
// A call has at most five attempts.
const ATTEMPTS = [1, 2, 3, 4, 5];
// From the shortest backoff (50 ms) to twice the default of `maxRetryAfterMs` (60 s).
const DELAY_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120];

/**
 * Returns a function that gets the instruments of the current meter provider, or `undefined` if there is none: then no
 * attributes are computed. Looks up the provider each time, because a meter from before the SDK start never records.
 */
export function createInstrumentSource(own: MeterProvider | undefined): () => Instruments | undefined {
  let provider: MeterProvider | undefined;
  let instruments: Instruments | undefined;
  return () => {
    const current = own ?? metrics.getMeterProvider();
    if (current !== provider) {
      instruments = createInstruments(current);
      provider = current;
    }
    return instruments;
  };
}

function createInstruments(provider: MeterProvider): Instruments | undefined {
  const meter = provider.getMeter(SCOPE.name, SCOPE.version, SCOPE.options);
  if (meter === createNoopMeter()) {
    return undefined;
  }
  const histogram = (name: string, unit: string, boundaries: number[], description: string, valueType?: ValueType) =>
    meter.createHistogram(name, {
      unit,
      description,
      valueType: valueType ?? ValueType.DOUBLE,
      advice: { explicitBucketBoundaries: boundaries },
    });
  return {
    httpDuration: histogram(
      METRIC_HTTP_CLIENT_REQUEST_DURATION,
      's',
      HTTP_SECONDS,
      'Duration of HTTP client requests.',
    ),
    operationDuration: histogram(
      METRIC_GEN_AI_CLIENT_OPERATION_DURATION,
      's',
      OPERATION_SECONDS,
      'Duration of a GenAI call: all attempts, all waits, and a stream to its end.',
    ),
    tokenUsage: histogram(
      METRIC_GEN_AI_CLIENT_TOKEN_USAGE,
      '{token}',
      TOKENS,
      'Input and output tokens as reported by CometAPI.',
      ValueType.INT,
    ),
    firstChunk: histogram(
      METRIC_GEN_AI_CLIENT_OPERATION_TIME_TO_FIRST_CHUNK,
      's',
      OPERATION_SECONDS,
      'Time from sending the successful attempt to the first data event of its stream.',
    ),
    attempts: histogram(
      METRIC_COMETAPI_CLIENT_ATTEMPTS,
      '{attempt}',
      ATTEMPTS,
      'Number of attempts per call.',
      ValueType.INT,
    ),
    retryDelay: histogram(METRIC_COMETAPI_CLIENT_RETRY_DELAY, 's', DELAY_SECONDS, 'Wait before a retry.'),
  };
}
