import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { draftRetryEvidence } from '../../../src/records/retry-evidence/retry-evidence';
import { sealRecord } from '../../../src/records/shared/seal-record';
import { draftUsageTrace, usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { checked, completedCall, madeUpKey } from '../sample-facts';

const annotations = {
  docsChecked: ['https://apidoc.cometapi.com/api/text/chat@2026-11-20'],
  environmentName: 'ci',
  modelVerifiedBy: 'account',
};

describe('sealRecord', () => {
  it('sets the claims and the pass of a good call after a clean scan for the active key', () => {
    const sealed = sealRecord(draftUsageTrace(completedCall(), annotations), createRedactor([madeUpKey()]));
    if (!sealed.sealed) {
      throw new Error('refused');
    }
    expect(sealed.record).toMatchObject({
      credential_redacted: true,
      redaction_check: 'value_scan',
      result_class: 'pass',
      failure_class: 'none',
      handoff: { result: 'pass', remaining_uncertainty: [] },
    });
    expect(JSON.parse(sealed.json)).toEqual(sealed.record);
    expect(parse(sealed.yaml)).toEqual(sealed.record);
    const evidence = sealRecord(draftRetryEvidence(completedCall(), annotations), createRedactor([madeUpKey()]));
    expect(evidence).toMatchObject({
      sealed: true,
      record: { secret_redaction_checked: 'yes', escalate: [], redaction_check: 'value_scan' },
    });
  });

  it('claims no check if the guard knows no secret, except after a canary run', () => {
    const draft = draftUsageTrace(completedCall(), annotations);
    expect(sealRecord(draft, createRedactor())).toMatchObject({ record: usageTrace(completedCall(), annotations) });
    expect(sealRecord(draft, createRedactor(), { canaryRun: true })).toMatchObject({
      record: { credential_redacted: true, redaction_check: 'canary_run', result_class: 'pass' },
    });
  });

  it('returns only the names of the fields if a record contains an active secret', () => {
    // A key of letters only. It was accepted as a model name before the guard knew it.
    const key = Array.from({ length: 24 }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26))).join('');
    const facts = completedCall({ request: { model: checked('model', key), fields: [], otherFieldCount: 0 } });
    const redactor = createRedactor([key]);
    const refused = sealRecord(draftUsageTrace([completedCall(), facts], annotations), redactor);
    expect(refused).toEqual({ sealed: false, leakingFields: ['calls[1].request_model'] });
  });

  it.each([
    ['a control character', '\u0085'],
    ['a quote', '"'],
    ['a backslash', '\\'],
  ])('finds a key with %s, which the line escapes', (_, odd) => {
    const key = `key${odd}${madeUpKey().slice(3, 20)}`;
    const record = (): object => ({ notes: `the ${key} itself` });
    expect(sealRecord(record, createRedactor([key]))).toEqual({ sealed: false, leakingFields: ['notes'] });
  });
});
