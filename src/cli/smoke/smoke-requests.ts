import type { ErrorCategory } from '../../facts/enums';
import { type CheckedFamily, minimalBody } from '../../records/shared/minimal-request';
import type { CheckRequest, CheckSession } from '../checks/check-session';

export type ErrorPath = 'auth' | 'shape';

/** The minimal request that should succeed. */
export function happyRequest(
  family: CheckedFamily,
  model: string,
  session: CheckSession,
  requestId: string,
): CheckRequest {
  return { family, body: minimalBody(family, model, session.prompt), requestId, credential: 'own' };
}

/** The negative check: the minimal request with an invalid credential, or without a model. */
export function failingRequest(
  family: CheckedFamily,
  model: string,
  session: CheckSession,
  requestId: string,
  errorPath: ErrorPath,
): CheckRequest {
  const whole = minimalBody(family, model, session.prompt);
  if (errorPath === 'auth') {
    return { family, body: whole, requestId, credential: 'invalid' };
  }
  const { model: _left, ...body } = whole;
  return { family, body, requestId, credential: 'own' };
}

/** The expected error category of each negative check. */
export const EXPECTED_FAILURE: Readonly<Record<ErrorPath, ErrorCategory>> = {
  auth: 'auth_rejected',
  shape: 'invalid_request',
};
