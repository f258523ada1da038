import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createSecretGuard } from '../../src/facts/secret-guard';
import { draftRetryEvidence } from '../../src/records/retry-evidence';
import { sealRecord } from '../../src/records/seal-record';
import { draftUsageTrace, usageTrace } from '../../src/records/usage-trace';
import { checked, completedCall, madeUpKey } from './sample-facts';

const declared = {
  docsChecked: ['https://apidoc.cometapi.com/api/text/chat@2026-11-20'],
  environmentName: 'ci',
  modelVerifiedBy: 'account',
};

describe('sealRecord', () => {
  it('a clean scan for the live key proves the claim, and lets a good call pass', () => {
    const sealed = sealRecord(draftUsageTrace(completedCall(), declared), createSecretGuard([madeUpKey()]));
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
    const evidence = sealRecord(draftRetryEvidence(completedCall(), declared), createSecretGuard([madeUpKey()]));
    expect(evidence).toMatchObject({
      sealed: true,
      record: { secret_redaction_checked: 'yes', escalate: [], redaction_check: 'value_scan' },
    });
  });

  it('a guard that knows no secret proves nothing, unless a canary run did', () => {
    const draft = draftUsageTrace(completedCall(), declared);
    expect(sealRecord(draft, createSecretGuard())).toMatchObject({ record: usageTrace(completedCall(), declared) });
    expect(sealRecord(draft, createSecretGuard(), { canaryRun: true })).toMatchObject({
      record: { credential_redacted: true, redaction_check: 'canary_run', result_class: 'pass' },
    });
  });

  it('a record that holds a live secret is never handed out, only the names of its fields', () => {
    // A key of letters alone, taken for a model name before it was known to be one.
    const key = Array.from({ length: 24 }, () => String.fromCharCode(97 + Math.floor(Math.random() * 26))).join('');
    const facts = completedCall({ request: { model: checked('model', key), fields: [], otherFieldCount: 0 } });
    const guard = createSecretGuard([key]);
    const refused = sealRecord(draftUsageTrace([completedCall(), facts], declared), guard);
    expect(refused).toEqual({ sealed: false, leakingFields: ['calls[1].request_model'] });
  });

  it.each([
    ['a control character', '\u0085'],
    ['a quote', '"'],
    ['a backslash', '\\'],
  ])('finds a key with %s in it, which is spelled otherwise in the line', (_, odd) => {
    const key = `key${odd}${madeUpKey().slice(3, 20)}`;
    const record = (): object => ({ notes: `the ${key} itself` });
    expect(sealRecord(record, createSecretGuard([key]))).toEqual({ sealed: false, leakingFields: ['notes'] });
  });
});
