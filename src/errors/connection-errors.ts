import { APIError, type APIErrorDetails } from './api-error';
import { nameErrors } from './cometapi-error';

/** The connection failed: refused, reset, DNS or TLS. There is no response, or its body is incomplete. */
export class APIConnectionError extends APIError {
  constructor(details: Partial<APIErrorDetails> = {}) {
    super({ message: 'Connection error.', ...details });
  }
}

/** A time limit passed. The message names the option; `phase` states where the call ended. */
export class APIConnectionTimeoutError extends APIConnectionError {
  constructor(details: Partial<APIErrorDetails> = {}) {
    super({ message: 'Request timed out.', ...details });
  }
}

/** The caller's signal aborted. `cause` is the caller's abort reason, unless it contains a secret. */
export class APIUserAbortError extends APIError {
  constructor(details: Partial<APIErrorDetails> = {}) {
    super({ message: 'Request was aborted.', ...details });
  }
}

nameErrors({ APIConnectionError, APIConnectionTimeoutError, APIUserAbortError });
