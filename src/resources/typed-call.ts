import type { RequestOptions } from '../config/options';
import type { APIError } from '../errors/api-error';
import type { CallFacts } from '../facts/call-facts';
import type { CallEnd } from '../facts/call-recorder';
import type { BodyFailure } from '../wire/body/body-failure';
import type { ErrorReading } from '../wire/read-error';
import type { DeliveredEvent } from '../wire/stream/inspect-event-stream';

/** The request of a typed method. */
export interface TypedCall {
  readonly method: string;
  /** Path below the base URL, or an absolute URL with the same origin. */
  readonly path: string;
  readonly body?: unknown;
  readonly options: RequestOptions;
  /** True if the caller iterates the response. */
  readonly stream: boolean;
  /** Receives each event of a stream when it is parsed. */
  readonly deliver?: ((event: DeliveredEvent) => void) | undefined;
}

/** A response with a success status. */
export interface TypedAnswer {
  readonly body: {
    /** @throws BodyFailure */
    read(): Promise<Uint8Array | undefined>;
    cancel(): void;
    fail(end: Omit<CallEnd, 'phase'>): void;
    drain(): void;
    readonly end: CallEnd | undefined;
  };
  /** Set if the response is not an event stream. */
  readonly json?:
    | {
        readonly parsed: { readonly value: unknown } | undefined;
        readonly text: string | undefined;
        readonly error: ErrorReading | undefined;
      }
    | undefined;
  /** The checked request id of CometAPI. The header itself may contain any text. */
  readonly requestId?: string | undefined;
  /** True if the response is an event stream. */
  readonly isEventStream: boolean;
  /** The response. Its body is unread unless the typed method consumed it. */
  response(): Response;
  facts(): CallFacts | undefined;
  /** Creates the error for a response that failed. */
  error(failure?: BodyFailure, server?: ErrorReading): APIError;
  /** Ends the call if `holder` is garbage collected before the response is read. */
  cancelWhenCollected(holder: object): void;
  readonly openaiCompatible: boolean;
}

/**
 * Starts a typed call at once.
 *
 * @throws APIError if there is no response with a success status
 */
export type StartCall = (call: TypedCall) => Promise<TypedAnswer>;
