import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { renderRunCard } from '../../../src/records/run-card/markdown';
import { draftRunCard, runCard } from '../../../src/records/run-card/run-card';
import { sealRecord } from '../../../src/records/shared/seal-record';
import { checked, completedCall, limitedAttempt, madeUpKey } from '../sample-facts';

const DOCS = { docsChecked: ['https://apidoc.cometapi.com/@2026-11-20'] };
const at = (second: number) => checked('timestamp', `2026-11-21T10:00:${String(second).padStart(2, '0')}.000Z`);

const failure = completedCall({
  callId: checked('id', 'call-2'),
  startedAt: at(5),
  endedAt: at(6),
  ending: 'failed',
  endingReason: 'http_status',
  status: 503,
  category: 'server_error',
  attempts: [limitedAttempt(), limitedAttempt({ index: 2 })],
  maybeSentTwice: true,
});
const other = completedCall({
  callId: checked('id', 'call-3'),
  startedAt: at(7),
  endedAt: at(8),
  request: { model: checked('model', 'other-model'), fields: ['model'], otherFieldCount: 0 },
});

function sealedCard(calls = [completedCall()], annotations: object = DOCS, context: object = {}) {
  const sealed = sealRecord(draftRunCard(calls, annotations, context), createRedactor([madeUpKey()]));
  if (!sealed.sealed) {
    throw new Error('The scan found a secret in the card.');
  }
  return sealed.record;
}

describe('runCard', () => {
  it('counts the requests, endings and categories of a run', () => {
    expect(runCard([other, failure, completedCall()], { ...DOCS, runId: 'run-1' })).toMatchObject({
      record: 'run_card',
      run_id: 'run-1',
      started_at: '2026-11-21T10:00:00.000Z',
      ended_at: '2026-11-21T10:00:08.000Z',
      request_count: 3,
      attempt_count: 4,
      endings: { completed: 2, failed: 1, cancelled: 0, abandoned: 0 },
      status_classes: { '2xx': 2, '4xx': 0, '5xx': 1, timeout: 0, other: 0 },
      error_categories: [{ error_category: 'server_error', count: 1 }],
      request_models: ['gpt-5-mini', 'other-model'],
      endpoint_families: ['cometapi-text-chat'],
      retry_settings: [{ max_attempts: 3, retry: 'standard', deadline_ms: 900_000, calls: 3 }],
      maybe_sent_twice_count: 1,
      docs_checked: 'yes',
      leak_check: 'not_checked',
    });
  });

  it('passes for CometAPI only with documentation and a clean scan', () => {
    expect(sealedCard()).toMatchObject({ result_class: 'pass', leak_check: 'clean', reasons: [] });
    expect(runCard([completedCall()], DOCS).result_class).toBe('needs_follow_up');
    expect(sealedCard([completedCall()], {}).result_class).toBe('needs_follow_up');
  });

  it('requires a decision if the model changed after a failure', () => {
    const unreviewed = sealedCard([failure, other]);
    expect(unreviewed).toMatchObject({ result_class: 'needs_follow_up', reasons: ['unreviewed_fallback'] });
    const decided = sealedCard([failure, other], { ...DOCS, decision: 'agreed with the owner' });
    expect(decided).toMatchObject({ reasons: [], decision: 'agreed with the owner' });
  });

  it.each([
    ['without a failure', [completedCall(), other], []],
    ['after an expected failure', [failure, other], ['call-2']],
  ])('allows a changed model %s', (_name, calls, expectedIds) => {
    const expectedErrors = expectedIds.map((callId) => ({ callId, category: 'server_error' }));
    expect(sealedCard(calls, { ...DOCS, expectedErrors }).reasons).toEqual([]);
  });

  it.each([
    ['another endpoint', { family: 'cometapi-text-responses' }],
    ['more attempts', { settings: { ...other.settings, maxAttempts: 5 } }],
  ] as const)('requires a decision for %s after a failure', (_name, changes) => {
    const changed = completedCall({ callId: checked('id', 'call-4'), startedAt: at(9), ...changes });
    expect(sealedCard([failure, changed]).reasons).toEqual(['unreviewed_fallback']);
  });

  it('does not pass with a failed assertion, but passes with one that is not stated', () => {
    const assertions = [{ assertion: 'api_surface_reached', met: 'no' }];
    expect(sealedCard([completedCall()], DOCS, { assertions })).toMatchObject({
      result_class: 'needs_follow_up',
      reasons: ['assertion_not_met'],
    });
    const unsaid = [{ assertion: 'operator_note_recorded', met: 'not_stated' }];
    expect(sealedCard([completedCall()], DOCS, { assertions: unsaid }).result_class).toBe('pass');
  });

  it('renders a page that starts with a notice about the simulator', () => {
    const page = renderRunCard(sealedCard([completedCall({ upstream: 'simulator' })]));
    expect(page).toMatch(/^> \*\*Simulator\.\*\*/);
    expect(page).toContain('| Retries | at most 3 attempts, standard (calls: 1) |');
  });

  it('throws a RangeError without a call', () => {
    expect(() => runCard([])).toThrow(RangeError);
  });
});
