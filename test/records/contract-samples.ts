import { createRedactor } from '../../src/facts/redaction/redactor';
import type { ResponseShape } from '../../src/facts/shape';
import type { ContractObservation } from '../../src/records/contract-ledger/contract-entry';
import { shapeOf } from '../../src/wire/shape';
import { attempt, checked, completedCall } from './sample-facts';

const ANSWER = {
  id: 'chatcmpl-1',
  choices: [{ message: { content: 'OK', refusal: null }, finish_reason: 'stop' }],
  usage: { total_tokens: 12 },
};
const ERROR = { error: { message: 'text', type: 'comet_api_error', param: null, code: 'invalid_request' } };

export function shape(value: object, metadata: ResponseShape['metadata'] = []): ResponseShape {
  return { contentKind: 'json', ...shapeOf(value, createRedactor()), metadata };
}

/** A minimal request that succeeded. */
export function positive(
  answer: object = ANSWER,
  changes: Parameters<typeof completedCall>[0] = {},
): ContractObservation {
  return { check: 'minimum_payload', facts: completedCall(changes), shape: shape(answer, ['usage', 'timing']) };
}

/** A negative check that CometAPI refused. */
export function refused(
  check: ContractObservation['check'],
  status = 401,
  error: object = ERROR,
  category: 'auth_rejected' | 'invalid_request' | 'server_error' = status === 401 ? 'auth_rejected' : 'invalid_request',
): ContractObservation {
  const facts = completedCall({
    callId: checked('id', `call-${check}`),
    ending: 'failed',
    endingReason: 'http_status',
    status,
    category,
    attempts: [attempt({ status, category, contentKind: 'json' })],
    endedAt: checked('timestamp', '2026-11-21T10:00:09.000Z'),
  });
  return { check, facts, shape: shape(error) };
}

export function allChecks(answer: object = ANSWER): readonly ContractObservation[] {
  return [
    positive(answer),
    refused('missing_auth'),
    refused('invalid_auth'),
    refused('missing_required_field', 400),
    refused('invalid_type', 400),
    refused('unsupported_value', 400),
  ];
}

export const ANNOTATIONS = {
  businessOwner: 'Support',
  technicalOwner: 'Platform',
  failureImpact: 'Tickets are not summarised.',
  environmentName: 'staging',
  operatorInitials: 'AB',
  endpoints: [
    {
      route: '/v1/chat/completions',
      purpose: 'Summaries of tickets',
      docsChecked: ['https://apidoc.cometapi.com/api/text/chat@2026-11-20'],
      authRequirement: 'Bearer',
      requiredRequestFields: ['model', 'messages'],
      optionalRequestFields: ['max_tokens'],
      parsedResponseFields: ['choices[].message.content', 'usage.total_tokens'],
      optionalResponseFields: ['usage.total_tokens'],
      openAssumptions: ['retries are safe'],
    },
  ],
};
