import type { AttemptFacts, CallFacts, CallOpening } from '../../src/facts/call-facts';
import type { DecisionReason, ErrorCategory, FailureType } from '../../src/facts/enums';
import { aCall, aFailedAttempt, anAttempt, anIdentifier, closedCall } from '../support/facts';

/** The facts of a call that failed with the response status `status`. */
export function answeredWith(
  status: number,
  category: ErrorCategory,
  given: { readonly because?: DecisionReason; readonly attempts?: number; readonly retryAfterMs?: number } = {},
): CallFacts {
  const { because = 'final_status', attempts = 1, retryAfterMs } = given;
  const isRedirect = status < 400;
  const errorType = isRedirect ? '_OTHER' : (`${status}` as const);
  const last = anAttempt({
    status,
    ...(!isRedirect && { errorType }),
    category,
    phase: 'headers',
    because: isRedirect ? 'redirect' : because,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
  return failed({
    attempts: Array.from({ length: attempts }, (_, at) => ({ ...last, index: at + 1 })),
    endingReason: isRedirect ? 'redirect' : 'http_status',
    category,
    errorType,
    phase: 'headers',
    status,
    requestId: anIdentifier('id', '20260101080000123456789AbCdEfGh'),
    requestIdSource: 'message',
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  });
}

/** The facts of a call without a response. */
export function unanswered(
  errorType: FailureType,
  category: ErrorCategory,
  given: Partial<CallFacts> = {},
  attempt: Partial<AttemptFacts> = {},
): CallFacts {
  const facts = failed({
    attempts: [aFailedAttempt({ errorType, category, ...attempt })],
    endingReason: 'connection',
    category,
    errorType,
    phase: 'connect',
    ...given,
  });
  const { status: _status, contentKind: _contentKind, ...rest } = facts;
  return rest;
}

/** The facts of a call whose response began with status 200 and then failed. */
export function brokenOff(given: Partial<CallFacts>, attempt: Partial<AttemptFacts> = {}): CallFacts {
  const { category = 'unexpected_response', phase = 'stream' } = given;
  return failed({
    attempts: [anAttempt({ category, phase, because: 'committed', ...attempt })],
    category,
    phase,
    ...given,
  });
}

function failed(given: Partial<CallFacts>): CallFacts {
  const opening: CallOpening = aCall();
  const { response: _response, ...facts } = closedCall(opening, { ending: 'failed', ...given });
  return facts;
}
