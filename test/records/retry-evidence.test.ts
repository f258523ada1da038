import { describe, expect, it } from 'vitest';
import type { AttemptFacts, CallFacts } from '../../src/facts/call-facts';
import { draftRetryEvidence, retryEvidence } from '../../src/records/retry-evidence';
import type { StatusWord } from '../../src/records/values';
import { attempt, checked, completedCall, limitedAttempt, truncatedStream } from './sample-facts';

/** A call that was limited once and then answered. */
function retriedCall(changes: Partial<CallFacts> = {}): CallFacts {
  return completedCall({ attempts: [limitedAttempt(), attempt({ index: 2, startOffsetMs: 740.5 })], ...changes });
}

describe('retryEvidence', () => {
  it('tells both attempts, where it ran, what was left out, and quotes its counts', () => {
    const declared = {
      runId: 'publisher-smoke-20261121-1000',
      docsChecked: [{ url: 'https://apidoc.cometapi.com/api/text/chat', accessedOn: '2026-11-20' }],
      operatorNote: 'limited once, then answered',
      ranBy: { provider: 'github_actions', workflow: 'Publish', job: 'smoke', step: 'check', runId: '4711' },
      environmentName: 'ci',
      modelVerifiedBy: 'account',
      changedFiles: ['docs/page.md'],
    };
    const { environment, library, ...evidence } = draftRetryEvidence(retriedCall(), declared)('value_scan');
    expect(evidence).toEqual({
      record: 'retry_evidence',
      schema_version: 1,
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

  it('a call that was not retried says so', () => {
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

  it('several documentation pages are named one after the other', () => {
    const docsChecked = [
      'https://apidoc.cometapi.com/@2026-11-20',
      'https://apidoc.cometapi.com/api/text/chat@2026-11-20',
    ];
    expect(retryEvidence(completedCall(), { docsChecked }).docs_checked).toBe(
      'https://apidoc.cometapi.com/, https://apidoc.cometapi.com/api/text/chat',
    );
  });

  it('the operator decides the result, and the record says who did', () => {
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

  it.each<[string, Partial<AttemptFacts>, StatusWord]>([
    ['a status', { status: 503, category: 'server_error' }, '503'],
    ['408, which is a status and not our own time-out', { status: 408, category: 'timeout' }, '408'],
    ['a header time-out', { category: 'timeout' }, 'timeout'],
    ['an idle stream', { status: 200, category: 'stream_idle' }, 'timeout'],
    ['a refused connection', { category: 'connection' }, 'connection_error'],
    ['a certificate that does not fit', { category: 'tls' }, 'connection_error'],
    ['the caller', { category: 'cancelled' }, 'aborted'],
    ['the caller, mid-stream', { status: 200, category: 'cancelled' }, 'aborted'],
    ['a stream that broke off', { status: 200, category: 'truncated_stream' }, 'truncated'],
    ['a wrong answer with 200', { status: 200, category: 'unexpected_response' }, '200'],
    ['nothing that is known', { category: 'unknown' }, 'no_response'],
  ])('an attempt ended by %s has a word for it', (_, changes, word) => {
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

  it('a call the caller gave up while it waited keeps the status of its only attempt', () => {
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

  it('a call that never left the queue sent nothing', () => {
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

  it('escalates failures of two kinds, an unclear category, and a model that nobody verified', () => {
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

  it('does not claim that no response was stored when the facts hold what cannot be a fact', () => {
    // The compiler forbids it; a record must not rest on that alone.
    const prose = { ...completedCall(), requestId: 'Here is your answer: forty-two' } as unknown as CallFacts;
    expect(retryEvidence(prose).full_response_stored).toBe('yes');
    expect(retryEvidence(completedCall({ serverAddress: checked('host', '::1') })).full_response_stored).toBe('no');
  });
});
