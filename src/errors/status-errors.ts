import { APIError } from './api-error';
import { nameErrors } from './cometapi-error';

/** HTTP status 400: the request is invalid. */
export class BadRequestError extends APIError {}

/** HTTP status 401: the API key was refused. */
export class AuthenticationError extends APIError {}

/** HTTP status 403: the API key may not do this. */
export class PermissionDeniedError extends APIError {}

/** HTTP status 404: the path or the model does not exist. */
export class NotFoundError extends APIError {}

/** HTTP status 409: the request conflicts with another one. */
export class ConflictError extends APIError {}

/** HTTP status 422: the request is well-formed but invalid. */
export class UnprocessableEntityError extends APIError {}

/** HTTP status 429: too many requests, or no quota left (see `category`). */
export class RateLimitError extends APIError {}

/** HTTP status 500 and above: CometAPI or its provider failed. */
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

/** The error class for a status, as in `openai`. */
export function statusErrorClass(status: number): StatusErrorClass {
  return BY_STATUS[status] ?? (status >= 500 ? InternalServerError : APIError);
}
