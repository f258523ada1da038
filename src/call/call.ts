import type { ApiKey } from '../config/api-key';
import type { FetchOptions } from '../config/options';
import type { CallOpening } from '../facts/call-facts';
import type { Identifier } from '../facts/identifier';
import type { CallObserver, TracePort } from '../facts/observer';
import type { HeaderList } from '../transport/header-list';
import type { RequestBody, Send } from '../transport/send';
import type { DeliveredEvent } from '../wire/stream/inspect-event-stream';
import type { ActiveSecrets } from './active-secrets';
import type { ConnectionSlots } from './bounds/connection-slots';
import type { CallLimits } from './bounds/limits';
import type { RetryBudget } from './bounds/retry-budget';
import type { Clock, RandomSource } from './clock';

/** One call, ready to run. */
export interface Call {
  readonly opening: CallOpening;
  readonly limits: CallLimits;
  readonly url: string;
  readonly method: string;
  /** Without the API key, which each attempt adds. */
  readonly headers: HeaderList;
  readonly body: RequestBody | undefined;
  /** False for a body that is a stream: it can be sent only once. */
  readonly replayable: boolean;
  /** True if the local gateway's client retries by itself. This call then makes one attempt. */
  readonly clientRetries: boolean;
  readonly fetchOptions: FetchOptions | undefined;
  readonly signal: AbortSignal | null | undefined;
  /** The header that carries the API key. `none` if the caller set or removed that header. */
  readonly credential: 'bearer' | 'x-api-key' | 'none';
  /** True if each attempt sends its retry count in `x-stainless-retry-count`, as `openai` does. */
  readonly sendsRetryCount: boolean;
  /** The caller's own id for the request. */
  readonly clientRequestId: Identifier<'id'> | undefined;
  /** Texts of the request that a server may echo; `undefined` if they could not be read. */
  readonly echoCandidates: readonly string[] | undefined;
  /** Receives each event of a stream. Present if the caller iterates the stream. */
  readonly deliver?: ((event: DeliveredEvent) => void) | undefined;
  /** True if the caller needs the whole body as one value. */
  readonly wantsValue: boolean;
  /** True if truncated streams and wrong shapes are recorded but not thrown. */
  readonly openaiCompatible: boolean;
}

/** Dependencies that all calls of one client share. */
export interface CallParts {
  readonly apiKey: ApiKey;
  readonly secrets: ActiveSecrets;
  readonly send: Send;
  readonly clock: Clock;
  readonly randomSource: RandomSource;
  readonly slots: ConnectionSlots;
  /** `undefined` if the budget is turned off. */
  readonly budget: RetryBudget | undefined;
  readonly observers: CallObserver;
  readonly trace: TracePort;
}
