import type { AttemptFacts, CallFacts } from '../facts/call-facts';
import type { ErrorCategory, Phase } from '../facts/words';
import { CometAPIError, nameErrors } from './cometapi-error';

/** What an {@link APIError} is made of. */
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
 * A call that failed. Names and tree are those of `openai`; `message` is ours and never holds text of the server.
 * No form of it (message, stack, JSON, inspect, cause) holds a key, a prompt or a body.
 */
export class APIError extends CometAPIError {
  /** HTTP status of the last response; absent when there was none. */
  readonly status: number | undefined;
  /** The server's error code, when it fits the grammar of a label. */
  readonly code: string | undefined;
  /** The server's error type, when it fits the grammar of a label. */
  readonly type: string | undefined;
  /** The request field the server names, when it fits the grammar of a label. */
  readonly param: string | undefined;
  /** The gateway's id of the request: from the message, or from a header. For support. */
  readonly requestID: string | undefined;
  /** What kind of failure it was, from a closed list. */
  readonly category: ErrorCategory;
  /** Whether the same request could succeed later. The bounds of this call are used up either way. */
  readonly retryable: boolean;
  /** How far the call had come. */
  readonly phase: Phase;
  /** What the gateway asked to wait, in milliseconds, when that was more than this call could. */
  readonly retryAfterMs: number | undefined;
  /** What was sent and what came of each. */
  readonly attempts: readonly AttemptFacts[];
  /** Only the request id, Retry-After and rate-limit headers. Not enumerable. */
  declare readonly headers: Headers | undefined;
  /** The server's text for the developer: scrubbed, at most 500 characters. Not enumerable; never in any other form. */
  declare readonly serverMessage: string;
  /** Everything known of the call; frozen. Not enumerable. */
  declare readonly facts: CallFacts | undefined;
  /** `openai` keeps the parsed body here; this client never does. */
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
