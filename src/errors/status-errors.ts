import { APIError } from './api-error';
import { nameErrors } from './cometapi-error';

/** 400 */
export class BadRequestError extends APIError {}

/** 401 */
export class AuthenticationError extends APIError {}

/** 403 */
export class PermissionDeniedError extends APIError {}

/** 404 */
export class NotFoundError extends APIError {}

/** 409 */
export class ConflictError extends APIError {}

/** 422 */
export class UnprocessableEntityError extends APIError {}

/** 429 */
export class RateLimitError extends APIError {}

/** 500 and above */
export class InternalServerError extends APIError {}

nameErrors({
  BadRequestError,
  AuthenticationError,
  PermissionDeniedError,
  NotFoundError,
  ConflictError,
  UnprocessableEntityError,
  RateLimitError,
  InternalServerError,
});

type StatusErrorClass = new (details: ConstructorParameters<typeof APIError>[0]) => APIError;

const BY_STATUS: Readonly<Record<number, StatusErrorClass>> = {
  400: BadRequestError,
  401: AuthenticationError,
  403: PermissionDeniedError,
  404: NotFoundError,
  409: ConflictError,
  422: UnprocessableEntityError,
  429: RateLimitError,
};

/** The class for a status, as `openai` has it. */
export function statusErrorClass(status: number): StatusErrorClass {
  return BY_STATUS[status] ?? (status >= 500 ? InternalServerError : APIError);
}
