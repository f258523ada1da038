import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import {
  contractLedger,
  draftContractLedger,
  mergeLedgers,
} from '../../../src/records/contract-ledger/contract-ledger';
import { renderContractLedger } from '../../../src/records/contract-ledger/markdown';
import { sealRecord } from '../../../src/records/shared/seal-record';
import { ANNOTATIONS, allChecks, positive, refused } from '../contract-samples';
import { checked, completedCall, madeUpKey } from '../sample-facts';

/** A ledger after a clean scan, as `contract check` writes it. */
function sealedLedger(observations = allChecks(), annotations: object = ANNOTATIONS) {
  const sealed = sealRecord(draftContractLedger(observations, annotations), createRedactor([madeUpKey()]));
  if (!sealed.sealed) {
    throw new Error('The scan found a secret in the ledger.');
  }
  return sealed.record;
}

describe('contractLedger', () => {
  it('contains all template fields of a checked endpoint', () => {
    const { endpoints, workflow, result_class: result } = sealedLedger();
    const [entry] = endpoints;
    const { contract_details: details, positive_check: check, error_cases_tested: errors, ...fields } = entry ?? {};
    expect(fields).toEqual({
      endpoint_purpose: 'Summaries of tickets',
      documentation_source: [{ url: 'https://apidoc.cometapi.com/api/text/chat', accessed_on: '2026-11-20' }],
      method_and_path: 'POST /v1/chat/completions',
      endpoint_family: 'cometapi-text-chat',
      auth_requirement: 'Bearer',
      required_request_fields: ['model', 'messages'],
      optional_request_fields: ['max_tokens'],
      parsed_response_fields: ['choices[].message.content', 'usage.total_tokens'],
      optional_response_fields: ['usage.total_tokens'],
      documented_limits: 'none documented',
      last_manual_validation: { date: '2026-11-21T10:00:09.000Z', environment: 'staging', operator_initials: 'AB' },
      open_assumptions: ['retries are safe'],
      disagreements: [],
      result_class: 'pass',
    });
    expect(check).toMatchObject({
      outcome: 'passed',
      status: '200',
      content_type: 'json',
      sent_request_fields: ['messages', 'model'],
      parsed_fields: [
        { path: 'choices[].message.content', found: 'present', optional: false, types: ['string'] },
        { path: 'usage.total_tokens', found: 'present', optional: true, types: ['number'] },
      ],
      usage: 'present',
      timing: 'present',
      request_metadata: 'present',
      rate_limit_headers: 'absent',
    });
    expect(errors?.map(({ check: name, outcome, status }) => [name, outcome, status])).toEqual([
      ['missing_auth', 'refused_as_expected', '401'],
      ['invalid_auth', 'refused_as_expected', '401'],
      ['missing_required_field', 'refused_as_expected', '400'],
      ['invalid_type', 'refused_as_expected', '400'],
      ['unsupported_value', 'refused_as_expected', '400'],
    ]);
    expect(details?.map(({ contract_area: area, declared_value: value, source }) => [area, value, source])).toEqual([
      ['endpoint_paths', null, 'documentation_and_controlled_test'],
      ['auth_headers', 'Bearer', 'documentation_and_controlled_test'],
      ['request_fields', 'model, messages, max_tokens', 'documentation_and_controlled_test'],
      ['response_fields', 'choices[].message.content, usage.total_tokens', 'documentation_and_controlled_test'],
      ['error_behavior', null, 'documentation_and_controlled_test'],
      ['rate_limit_or_billing_assumptions', null, 'documentation_and_controlled_test'],
    ]);
    expect(workflow).toEqual({
      business_owner: 'Support',
      technical_owner: 'Platform',
      endpoint_families: ['cometapi-text-chat'],
      runtime_environment: 'staging',
      failure_impact: 'Tickets are not summarised.',
    });
    expect(result).toBe('pass');
  });

  it('contains no response value and no model', () => {
    const json = JSON.stringify(sealedLedger());
    for (const value of ['"OK"', 'chatcmpl-1', 'gpt-5-mini', 'comet_api_error']) {
      expect(json).not.toContain(value);
    }
  });

  it.each([
    ['a missing parsed field', [positive({ id: 'x' })], 'parsed_field_missing'],
    [
      'an accepted request without a key',
      [positive(), { ...positive(), check: 'missing_auth' as const }],
      'mistake_accepted',
    ],
    [
      'a wrong key with another error category',
      [positive(), refused('invalid_auth', 400)],
      'refused_as_something_else',
    ],
    ['a refused minimal request', [refused('minimum_payload', 400)], 'minimum_payload_refused'],
  ])('reports %s as a disagreement that needs follow-up', (_name, observations, what) => {
    const { endpoints, result_class: result } = sealedLedger(observations);
    expect(endpoints[0]?.disagreements.map((found) => found.what)).toEqual([what]);
    expect(result).toBe('needs_follow_up');
  });

  it('accepts an absent optional field and an accepted unsupported value', () => {
    const observations = [
      positive({ choices: [{ message: { content: 'OK' } }] }),
      { ...positive(), check: 'unsupported_value' as const },
    ];
    expect(sealedLedger(observations).endpoints[0]).toMatchObject({ disagreements: [], result_class: 'pass' });
  });

  it('fails for a refused key and is inconclusive for an outage', () => {
    expect(sealedLedger([refused('minimum_payload')]).result_class).toBe('fail');
    const outage = sealedLedger([refused('minimum_payload', 503, {}, 'server_error')]);
    expect(outage.endpoints[0]).toMatchObject({
      positive_check: { outcome: 'inconclusive' },
      disagreements: [],
      result_class: 'needs_follow_up',
    });
  });

  it('passes for CometAPI only with documentation and a scan, and marks a simulator ledger', () => {
    expect(contractLedger(allChecks(), ANNOTATIONS).result_class).toBe('needs_follow_up');
    expect(sealedLedger(allChecks(), {}).result_class).toBe('needs_follow_up');
    const simulated = allChecks().map((one) => ({ ...one, facts: { ...one.facts, upstream: 'simulator' as const } }));
    const ledger = sealedLedger(simulated, {});
    expect(ledger).toMatchObject({ result_class: 'pass', environment: { upstream: 'simulator' } });
    expect(renderContractLedger(ledger)).toMatch(/^> \*\*Simulator\.\*\*/);
  });

  it('builds an entry without checks from ordinary calls', () => {
    const ledger = contractLedger([completedCall()], ANNOTATIONS);
    expect(ledger.endpoints[0]).toMatchObject({
      positive_check: null,
      error_cases_tested: [],
      result_class: 'needs_follow_up',
    });
  });

  it('records the configuration of the service, not the settings of the checks', () => {
    const configured = { maxAttempts: 3, headerTimeoutMs: 600_000 };
    const once = allChecks().map((one) => ({
      ...one,
      facts: { ...one.facts, settings: { ...one.facts.settings, maxAttempts: 1, headerTimeoutMs: 60_000 } },
    }));
    const { service, environment } = contractLedger(once, ANNOTATIONS, { configured });
    expect(environment.settings.max_attempts).toBe(1);
    expect(service).toMatchObject({
      known_from: 'configuration',
      endpoints: [
        { route_template: '/v1/chat/completions', request_fields: ['messages', 'model'], other_field_count: 0 },
      ],
      settings: [{ stream: false, max_attempts: 3, header_timeout_ms: 600_000 }],
      servers: [{ host: 'api.cometapi.com', port: 443 }],
      environments: ['staging'],
    });
  });

  it('keeps the entries of endpoints that were not checked again', () => {
    const responses = {
      family: 'cometapi-text-responses',
      routeTemplate: '/v1/responses',
    } as const;
    const previous = sealedLedger([...allChecks(), positive({ output: [] }, responses)]);
    const merged = mergeLedgers(previous, sealedLedger());
    expect(merged.endpoints.map((entry) => entry.method_and_path)).toEqual([
      'POST /v1/responses',
      'POST /v1/chat/completions',
    ]);
    expect(merged.workflow.endpoint_families).toEqual(['cometapi-text-responses', 'cometapi-text-chat']);
    expect(merged.result_class).toBe('needs_follow_up');
  });

  it('redacts keys in annotations, drops invalid annotations and reports the drop', () => {
    const key = madeUpKey();
    const redactor = createRedactor([key]);
    const annotations = {
      ...ANNOTATIONS,
      businessOwner: `owner ${key}`,
      endpoints: [
        { route: '/v1/chat/completions', purpose: key, requiredRequestFields: ['a prompt of a user', 'model'] },
      ],
    };
    const ledger = contractLedger(allChecks(), annotations, { redactor });
    expect(ledger.workflow.business_owner).toBe('owner [redacted]');
    expect(ledger.endpoints[0]).toMatchObject({ endpoint_purpose: '[redacted]', required_request_fields: ['model'] });
    expect(ledger.handoff.remaining_uncertainty).toContain('declared_value_dropped');
  });

  it('throws a RangeError without a call', () => {
    expect(() => contractLedger([])).toThrow(RangeError);
    expect(checked('json_path', 'choices[].message.content')).toBe('choices[].message.content');
  });
});
