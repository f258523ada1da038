import type { AttemptFacts, CallFacts } from '../facts/call-facts';
import type { ErrorCategory, Phase } from '../facts/enums';
import { CometAPIError, nameErrors } from './cometapi-error';

/** The values that an {@link APIError} is constructed from. */
export interface APIErrorDetails {
  readonly message: string;
  readonly status?: number | undefined;
  readonly code?: string | undefined;
  readonly type?: string | undefined;
  readonly param?: string | undefined;
  readonly serverMessage?: string | undefined;
  readonly headers?: Headers | undefined;
  readonly retryable?: boolean | undefined;
  readonly facts?: CallFacts | undefined;
  readonly cause?: unknown;
}

/**
 * A call that failed.
 *
 * The class names and the class tree match `openai`. The message is this client's own and contains no text of the
 * server. No form of the error (message, stack, JSON, `inspect`, cause) contains a key, a prompt or a body.
 *
 * @see docs/errors.md
 */
export class APIError extends CometAPIError {
  /** HTTP status of the last response; `undefined` without a response. */
  readonly status: number | undefined;
  /** Error code of the server, if it looks like an identifier. */
  readonly code: string | undefined;
  /** Error type of the server, if it looks like an identifier. */
  readonly type: string | undefined;
  /** The request field that the server names, if it looks like an identifier. */
  readonly param: string | undefined;
  /** CometAPI's id of the request, from the error message or a header. Give it to support. */
  readonly requestID: string | undefined;
  /** Kind of failure, as an enum value. Use it to choose a reaction. */
  readonly category: ErrorCategory;
  /** True if the same request may succeed later. This call makes no further attempts in any case. */
  readonly retryable: boolean;
  /** The phase in which the call ended. */
  readonly phase: Phase;
  /** The wait that CometAPI asked for, in milliseconds, if the call ended without waiting for it. */
  readonly retryAfterMs: number | undefined;
  /** One entry per request that was sent, with its outcome and the decision after it. */
  readonly attempts: readonly AttemptFacts[];
  /** Response headers: only the request id, `retry-after` and rate limits. Not enumerable. */
  declare readonly headers: Headers | undefined;
  /**
   * Error text of the server, for debugging: redacted, at most 500 characters. Not enumerable, and not part of any
   * other property. Do not show it to end users, because servers quote requests.
   */
  declare readonly serverMessage: string;
  /** All facts of the call, frozen. Not enumerable. */
  declare readonly facts: CallFacts | undefined;
  /** Always `undefined`. `openai` keeps the parsed body here. */
  declare readonly error: undefined;

  constructor(details: APIErrorDetails) {
    super(details.message);
    const { facts } = details;
    this.status = 'status' in details ? details.status : facts?.status;
    this.code = details.code;
    this.type = details.type;
    this.param = details.param;
    this.requestID = facts?.requestId;
    this.category = facts?.category ?? 'unknown';
    this.retryable = details.retryable ?? false;
    this.phase = facts?.phase ?? 'headers';
    this.retryAfterMs = facts?.retryAfterMs;
    this.attempts = facts?.attempts ?? [];
    hide(this, 'headers', details.headers);
    hide(this, 'serverMessage', details.serverMessage ?? '');
    hide(this, 'facts', facts);
    if (details.cause !== undefined) {
      hide(this, 'cause', details.cause);
    }
  }
}

nameErrors({ APIError });

function hide(error: APIError, name: string, value: unknown): void {
  Object.defineProperty(error, name, { value, enumerable: false });
}
