import type { RequestOptions } from '../config/options';
import type { APIError } from '../errors/api-error';
import type { CallFacts } from '../facts/call-facts';
import type { CallEnd } from '../facts/observation';
import type { BodyFailure } from '../wire/body-failure';
import type { DeliveredEvent } from '../wire/inspect-event-stream';
import type { ErrorReading } from '../wire/read-error';

/** A typed method's wish. */
export interface TypedCall {
  readonly method: string;
  /** Below the base URL, or absolute on its origin. */
  readonly path: string;
  readonly body?: unknown;
  readonly options: RequestOptions;
  /** Whether the answer is to be iterated. */
  readonly stream: boolean;
  /** Takes the events of a stream as they are parsed. */
  readonly deliver?: ((event: DeliveredEvent) => void) | undefined;
}

/** An answer with a success status. */
export interface TypedAnswer {
  readonly body: {
    /** @throws BodyFailure */
    read(): Promise<Uint8Array | undefined>;
    cancel(): void;
    fail(end: Omit<CallEnd, 'phase'>): void;
    linger(): void;
    readonly end: CallEnd | undefined;
  };
  /** Present when the answer came whole. */
  readonly json?:
    | {
        readonly parsed: { readonly value: unknown } | undefined;
        readonly text: string | undefined;
        readonly error: ErrorReading | undefined;
      }
    | undefined;
  /** The gateway's id of the request, checked: the header itself may hold anything. */
  readonly requestId?: string | undefined;
  /** Whether the answer came as events. */
  readonly isEventStream: boolean;
  /** Status and headers, and the body where nobody has read it. */
  response(): Response;
  facts(): CallFacts | undefined;
  /** The error for an ending that is none to the caller's liking. */
  error(failure?: BodyFailure, server?: ErrorReading): APIError;
  /** Ends the call when `holder` is collected unread. */
  abandonWith(holder: object): void;
  readonly openaiCompatible: boolean;
}

/**
 * Starts a typed call at once.
 *
 * @throws APIError when there is no answer with a success status
 */
export type StartCall = (call: TypedCall) => Promise<TypedAnswer>;
