import { APIError } from './api-error';
import { nameErrors } from './cometapi-error';

/** A success status with something else than an answer: HTML, an error object, the wrong shape, or too much of it. */
export class UnexpectedResponseError extends APIError {}

/** The gateway answered with a redirect, which is never followed: the base URL or the path is wrong. */
export class RedirectError extends APIError {}

/** The stream ended before the answer did. What was delivered is not the whole answer. */
export class StreamTruncatedError extends APIError {}

/** No data event came for longer than `idleTimeoutMs`. */
export class StreamIdleError extends APIError {}

nameErrors({ UnexpectedResponseError, RedirectError, StreamTruncatedError, StreamIdleError });
