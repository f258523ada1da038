import type { ContractCheck, NegativeCheck } from '../../records/contract-ledger/contract-enums';
import { type CheckedFamily, minimalBody } from '../../records/shared/minimal-request';
import type { CheckRequest } from '../checks/check-session';

/** The negative checks of one endpoint, in the order in which they are sent. */
export const NEGATIVE_CHECKS = [
  'missing_auth',
  'invalid_auth',
  'missing_required_field',
  'invalid_type',
  'unsupported_value',
] as const satisfies readonly NegativeCheck[];

export interface ContractRequestParts {
  readonly family: CheckedFamily;
  readonly model: string;
  readonly requestId: string;
  /** Contains a canary. */
  readonly prompt: string;
  /** Length of the oversize payload, in characters. */
  readonly oversize?: number | undefined;
}

type Body = Readonly<Record<string, unknown>>;

/** Not a documented role. */
const UNSUPPORTED_ROLE = 'contract-check';

/**
 * Builds the request of one check. The positive check sends exactly the documented minimum. The prompt of a negative
 * check contains a canary.
 */
export function contractRequest(
  check: Exclude<ContractCheck, 'observed_call'>,
  parts: ContractRequestParts,
): CheckRequest {
  const { family, model, requestId, prompt } = parts;
  const request = (body: Body, credential: CheckRequest['credential'] = 'own'): CheckRequest => ({
    family,
    body,
    requestId,
    credential,
  });
  const whole = minimalBody(family, model, prompt);
  switch (check) {
    case 'minimum_payload':
      return request(minimalBody(family, model));
    case 'missing_auth':
      return request(whole, 'none');
    case 'invalid_auth':
      return request(whole, 'invalid');
    case 'missing_required_field': {
      const { model: _left, ...body } = whole;
      return request(body);
    }
    case 'invalid_type':
      return request({ ...whole, ...(family === 'cometapi-text-chat' ? { messages: prompt } : { input: 42 }) });
    case 'unsupported_value':
      return request({ ...whole, ...messagesOf(family, UNSUPPORTED_ROLE, prompt) });
    case 'oversize_payload':
      return request({ ...whole, ...messagesOf(family, 'user', 'x'.repeat(parts.oversize ?? 0)) });
  }
}

function messagesOf(family: CheckedFamily, role: string, content: string): Body {
  return { [family === 'cometapi-text-chat' ? 'messages' : 'input']: [{ role, content }] };
}
