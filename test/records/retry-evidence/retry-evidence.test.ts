import { describe, expect, it } from 'vitest';
import type { AttemptFacts, CallFacts } from '../../../src/facts/call-facts';
import { draftRetryEvidence, retryEvidence } from '../../../src/records/retry-evidence/retry-evidence';
import type { StatusValue } from '../../../src/records/shared/enums';
import { attempt, checked, completedCall, limitedAttempt, truncatedStream } from '../sample-facts';

/** A call with one 429 and then a success. */
function retriedCall(changes: Partial<CallFacts> = {}): CallFacts {
  return completedCall({ attempts: [limitedAttempt(), attempt({ index: 2, startOffsetMs: 740.5 })], ...changes });
}

describe('retryEvidence', () => {
  it('contains both attempts, the CI job and the excluded fields, with counts as strings', () => {
    const annotations = {
      runId: 'publisher-smoke-20261121-1000',
      docsChecked: [{ url: 'https://apidoc.cometapi.com/api/text/chat', accessedOn: '2026-11-20' }],
      operatorNote: 'limited once, then answered',
      ranBy: { provider: 'github_actions', workflow: 'Publish', job: 'smoke', step: 'check', runId: '4711' },
      environmentName: 'ci',
      modelVerifiedBy: 'account',
      changedFiles: ['docs/page.md'],
    };
    const { environment, library, ...evidence } = draftRetryEvidence(retriedCall(), annotations)('value_scan');
    expect(evidence).toEqual({
      record: 'retry_evidence',
      schema_version: 2,
      run_id: 'publisher-smoke-20261121-1000',
      recorded_at_utc: '2026-11-21T10:00:01.250Z',
      endpoint_family: 'cometapi-text-chat',
      docs_checked: 'https://apidoc.cometapi.com/api/text/chat',
      attempt_count: '2',
      first_attempt_status: '429',
      retry_status: '200',
      terminal_status: '200',
      retry_count: '1',
      error_category: 'none',
      secret_redaction_checked: 'yes',
      full_response_stored: 'no',
      operator_result: 'pass',
      operator_result_source: 'computed',
      operator_note: 'limited once, then answered',
      ran_by: {
        kind: 'ci',
        provider: 'github_actions',
        workflow: 'Publish',
        job: 'smoke',
        step: 'check',
        run_id: '4711',
        command_label: null,
      },
      excluded_fields: [
        'prompt',
        'response_body',
        'authorization',
        'headers',
        'query_values',
        'tool_arguments',
        'server_message',
      ],
      escalate: [],
      attempts: [
        {
          index: 1,
          start_offset_ms: 0.5,
          duration_ms: 40,
          status: '429',
          error_class: 'rate_limited',
          error_type: '429',
          code: 'rate_limit_exceeded',
          phase: 'headers',
          decision: 'retried',
          because: 'retryable_status',
          delay_ms: 700,
          delay_origin: 'retry_after',
          retry_after_ms: 700,
          request_id: 'first-request',
          request_id_source: 'message',
          maybe_sent_twice: false,
          retry_budget_left: 9.5,
        },
        {
          index: 2,
          start_offset_ms: 740.5,
          duration_ms: 1249,
          status: '200',
          error_class: 'none',
          error_type: null,
          code: null,
          phase: 'body',
          decision: 'not_retried',
          because: 'success',
          delay_ms: null,
          delay_origin: null,
          retry_after_ms: null,
          request_id: '20260101080000123456789AbCdEfGh',
          request_id_source: 'x-oneapi-request-id',
          maybe_sent_twice: false,
          retry_budget_left: 10,
        },
      ],
      sources: [{ url: 'https://apidoc.cometapi.com/api/text/chat', accessed_on: '2026-11-20' }],
      evidence: null,
      workflow: null,
      model_verified_by: 'account',
      outer_retry_count: 0,
      redaction_check: 'value_scan',
      call_ids: ['019a0000-0000-7000-8000-000000000001'],
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
      handoff: { command_label: null, result: 'pass', changed_files: ['docs/page.md'], remaining_uncertainty: [] },
    });
    expect(environment).toMatchObject({ upstream: 'cometapi', name: 'ci', settings: { max_attempts: 3 } });
    expect(library.name).toBe('cometapi-otel');
  });

  it('reports a call without a retry', () => {
    expect(retryEvidence(completedCall())).toMatchObject({
      attempt_count: '1',
      retry_count: '0',
      first_attempt_status: '200',
      retry_status: 'not_retried',
      terminal_status: '200',
      docs_checked: 'not_checked',
      secret_redaction_checked: 'no',
      escalate: ['redaction_not_proved'],
      ran_by: { kind: 'not_stated', command_label: null },
    });
  });

  it('lists several documentation pages', () => {
    const docsChecked = [
      'https://apidoc.cometapi.com/@2026-11-20',
      'https://apidoc.cometapi.com/api/text/chat@2026-11-20',
    ];
    expect(retryEvidence(completedCall(), { docsChecked }).docs_checked).toBe(
      'https://apidoc.cometapi.com/, https://apidoc.cometapi.com/api/text/chat',
    );
  });

  it('records the source of the result: declared or computed', () => {
    const decided = retryEvidence(truncatedStream(), { operatorResult: 'pass', commandLabel: 'npm run smoke' });
    expect(decided).toMatchObject({
      operator_result: 'pass',
      operator_result_source: 'declared',
      ran_by: { kind: 'command', command_label: 'npm run smoke' },
      handoff: { command_label: 'npm run smoke', result: 'pass' },
    });
    expect(retryEvidence(truncatedStream())).toMatchObject({
      operator_result: 'fail',
      operator_result_source: 'computed',
    });
  });

  it.each<[string, Partial<AttemptFacts>, StatusValue]>([
    ['a status', { status: 503, category: 'server_error' }, '503'],
    ['status 408, which is not a local timeout', { status: 408, category: 'timeout' }, '408'],
    ['a header timeout', { category: 'timeout' }, 'timeout'],
    ['an idle stream', { status: 200, category: 'stream_idle' }, 'timeout'],
    ['a refused connection', { category: 'connection' }, 'connection_error'],
    ['an invalid certificate', { category: 'tls' }, 'connection_error'],
    ['an abort of the caller', { category: 'cancelled' }, 'aborted'],
    ['an abort during the stream', { status: 200, category: 'cancelled' }, 'aborted'],
    ['a truncated stream', { status: 200, category: 'truncated_stream' }, 'truncated'],
    ['an unexpected response with status 200', { status: 200, category: 'unexpected_response' }, '200'],
    ['an unknown failure', { category: 'unknown' }, 'no_response'],
  ])('maps an attempt that ended with %s to a status', (_, changes, word) => {
    const { status: _status, ...noStatus } = attempt();
    const call = completedCall({
      ending: 'failed',
      endingReason: 'connection',
      category: changes.category ?? 'unknown',
      attempts: [limitedAttempt(), { ...noStatus, index: 2, ...changes }],
    });
    expect(retryEvidence(call)).toMatchObject({
      first_attempt_status: '429',
      retry_status: word,
      terminal_status: word,
    });
  });

  it('keeps the status of the only attempt if the caller aborts the wait', () => {
    const call = completedCall({
      ending: 'cancelled',
      endingReason: 'caller_abort',
      category: 'cancelled',
      phase: 'wait',
      attempts: [limitedAttempt()],
    });
    expect(retryEvidence(call)).toMatchObject({
      attempt_count: '1',
      first_attempt_status: '429',
      retry_status: 'not_retried',
      terminal_status: 'aborted',
    });
  });

  it('reports no attempt for a call that never left the queue', () => {
    const { status: _, ...facts } = completedCall({
      ending: 'failed',
      endingReason: 'queue_deadline',
      category: 'timeout',
      phase: 'queue',
      attempts: [],
    });
    expect(retryEvidence(facts)).toMatchObject({
      attempt_count: '0',
      retry_count: '0',
      first_attempt_status: 'timeout',
      retry_status: 'not_retried',
      terminal_status: 'timeout',
      attempts: [],
    });
  });

  it('escalates different failures, an unclear category and an unverified model', () => {
    const unclear = completedCall({
      ending: 'failed',
      endingReason: 'http_status',
      category: 'unknown',
      attempts: [limitedAttempt(), attempt({ index: 2, status: 418, category: 'unknown' })],
    });
    expect(draftRetryEvidence(unclear)('value_scan').escalate).toEqual([
      'attempts_ended_differently',
      'error_category_unclear',
    ]);
    const noModel = completedCall({
      ending: 'failed',
      endingReason: 'http_status',
      category: 'model_unavailable',
      attempts: [attempt({ status: 503, category: 'model_unavailable' })],
    });
    expect(draftRetryEvidence(noModel)('value_scan').escalate).toEqual(['model_not_verified']);
    expect(draftRetryEvidence(noModel, { modelVerifiedBy: 'account' })('value_scan').escalate).toEqual([]);
  });

  it('reports a possibly stored response if the facts contain prose', () => {
    // The types forbid this value. The record must not rely on types alone.
    const prose = { ...completedCall(), requestId: 'Here is your answer: forty-two' } as unknown as CallFacts;
    expect(retryEvidence(prose).full_response_stored).toBe('yes');
    expect(retryEvidence(completedCall({ serverAddress: checked('host', '::1') })).full_response_stored).toBe('no');
  });
});
