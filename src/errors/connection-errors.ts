import { APIError, type APIErrorDetails } from './api-error';
import { nameErrors } from './cometapi-error';

/** No response: refused, reset, name or TLS failure. */
export class APIConnectionError extends APIError {
  constructor(details: Partial<APIErrorDetails> = {}) {
    super({ message: 'Connection error.', ...details });
  }
}

/** A limit of time passed: the headers', the body's or the whole call's. `phase` tells which. */
export class APIConnectionTimeoutError extends APIConnectionError {
  constructor(details: Partial<APIErrorDetails> = {}) {
    super({ message: 'Request timed out.', ...details });
  }
}

/** The caller's signal aborted. `cause` is the caller's own reason, unless it holds the key. */
export class APIUserAbortError extends APIError {
  constructor(details: Partial<APIErrorDetails> = {}) {
    super({ message: 'Request was aborted.', ...details });
  }
}

nameErrors({ APIConnectionError, APIConnectionTimeoutError, APIUserAbortError });
