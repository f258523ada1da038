import { APIError } from './api-error';
import { nameErrors } from './cometapi-error';

/** A success status without a valid answer: HTML, an error object, a wrong shape, or more than `maxResponseBytes`. */
export class UnexpectedResponseError extends APIError {}

/** The server sent a redirect. Redirects are never followed, because `baseURL` or the path is wrong. */
export class RedirectError extends APIError {}

/** The stream ended before the answer was complete. The events received so far are only a part of it. */
export class StreamTruncatedError extends APIError {}

/** No data event arrived for longer than `idleTimeoutMs`. */
export class StreamIdleError extends APIError {}

nameErrors({ UnexpectedResponseError, RedirectError, StreamTruncatedError, StreamIdleError });
