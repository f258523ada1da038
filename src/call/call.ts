import type { ApiKey } from '../config/api-key';
import type { FetchOptions } from '../config/options';
import type { CallOpening } from '../facts/call-facts';
import type { Label } from '../facts/label';
import type { CallObserver, TracePort } from '../facts/observer';
import type { HeaderFields } from '../transport/header-fields';
import type { RequestBody, Send } from '../transport/send';
import type { DeliveredEvent } from '../wire/inspect-event-stream';
import type { Chance, Clock } from './clock';
import type { ConnectionSlots } from './connection-slots';
import type { CallLimits } from './limits';
import type { LiveSecrets } from './live-secrets';
import type { RetryBudget } from './retry-budget';

/** One call, ready to run. */
export interface Call {
  readonly opening: CallOpening;
  readonly limits: CallLimits;
  readonly url: string;
  readonly method: string;
  /** Without the key. */
  readonly headers: HeaderFields;
  readonly body: RequestBody | undefined;
  /** A body that is a stream can be sent once. */
  readonly replayable: boolean;
  /** The client of a gateway retries already, so nothing is sent again here. */
  readonly clientRetries: boolean;
  readonly fetchOptions: FetchOptions | undefined;
  readonly signal: AbortSignal | null | undefined;
  /** Where the key goes; `none` when the caller brought or removed a header of his own. */
  readonly credential: 'bearer' | 'x-api-key' | 'none';
  /** Tells the gateway which send of the call a request is, as `openai` does. */
  readonly sendsRetryCount: boolean;
  /** An id the caller chose for the request. */
  readonly clientRequestId: Label<'id'> | undefined;
  /** Texts of the request that a server may echo; `undefined` when they could not be read. Dropped once the answer has been identified. */
  readonly sentTexts: readonly string[] | undefined;
  /** Given when somebody iterates the events of a stream. */
  readonly deliver?: ((event: DeliveredEvent) => void) | undefined;
  /** The whole body is wanted as a value. */
  readonly wantsValue: boolean;
  /** Truncation and wrong shapes are recorded, not raised. */
  readonly openaiCompatible: boolean;
}

/** What calls of one client share. */
export interface CallParts {
  readonly apiKey: ApiKey;
  readonly secrets: LiveSecrets;
  readonly send: Send;
  readonly clock: Clock;
  readonly chance: Chance;
  readonly slots: ConnectionSlots;
  /** `undefined` when it is off. */
  readonly budget: RetryBudget | undefined;
  readonly observers: CallObserver;
  readonly trace: TracePort;
}
