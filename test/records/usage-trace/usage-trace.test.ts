import { describe, expect, it } from 'vitest';
import type { CallFacts } from '../../../src/facts/call-facts';
import type { ErrorCategory } from '../../../src/facts/enums';
import { LIBRARY } from '../../../src/records/shared/library';
import { draftUsageTrace, usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { attempt, checked, completedCall, limitedAttempt, truncatedStream } from '../sample-facts';

const docs = ['https://apidoc.cometapi.com/api/text/chat@2026-11-20'];

function failed(category: ErrorCategory, changes: Partial<CallFacts> = {}): CallFacts {
  return completedCall({ ending: 'failed', endingReason: 'http_status', category, ...changes });
}

describe('usageTrace', () => {
  it('contains the request, the checked documentation, the result and the claims not made', () => {
    const annotations = {
      runId: 'publisher-smoke-20261121-1000',
      workflow: 'publisher',
      environmentName: 'ci',
      docsChecked: docs,
      notes: 'one minimal request',
      commandLabel: 'npm run smoke',
      changedFiles: 2,
      instructionsReviewed: true,
      agent: { surface: 'codex', version: '1.2.0' },
      modelVerifiedBy: 'account',
      contractCheck: true,
    };
    const source = {
      library: { name: 'cometapi-otel', version: '0.1.0' },
      runtime: { name: 'node', version: checked('version', '24.21.0') },
      os: 'linux',
    } as const;
    expect(draftUsageTrace(completedCall(), annotations, { source })('value_scan')).toEqual({
      record: 'usage_trace',
      schema_version: 2,
      run_id: 'publisher-smoke-20261121-1000',
      checked_at: '2026-11-21T10:00:01.250Z',
      source_urls: ['https://apidoc.cometapi.com/api/text/chat'],
      request_family: 'chat-contract-check',
      credential_redacted: true,
      result_class: 'pass',
      failure_class: 'none',
      notes: 'one minimal request',
      not_asserted: [
        'price',
        'quota',
        'rate_limit',
        'latency_target',
        'uptime',
        'model_availability',
        'production_readiness',
      ],
      redaction_check: 'value_scan',
      sources: [{ url: 'https://apidoc.cometapi.com/api/text/chat', accessed_on: '2026-11-20' }],
      evidence: null,
      workflow: 'publisher',
      wrapper_used: 'client',
      wrapper_name: 'cometapi-otel',
      agent_surface: 'codex',
      agent_version: '1.2.0',
      instructions_reviewed: 'yes',
      model_verified_by: 'account',
      attempt_count: 1,
      usage: {
        input_tokens: 9,
        output_tokens: 3,
        total_tokens: 12,
        cache_read_input_tokens: null,
        cache_creation_input_tokens: null,
        reasoning_output_tokens: null,
      },
      calls: [
        {
          call_id: '019a0000-0000-7000-8000-000000000001',
          started_at: '2026-11-21T10:00:00.000Z',
          trace_id: '0af7651916cd43dd8448eb211c80319c',
          span_id: 'b7ad6b7169203331',
          request_family: 'chat',
          request_model: 'gpt-5-mini',
          response_model: 'gpt-5-mini-2025-08-07',
          result_class: 'pass',
          failure_class: 'none',
          expected_error: null,
          ending: 'completed',
          ending_reason: 'body_complete',
          attempts: 1,
          status: '200',
          error_category: 'none',
          request_id: '20260101080000123456789AbCdEfGh',
          request_id_source: 'x-oneapi-request-id',
          usage: {
            input_tokens: 9,
            output_tokens: 3,
            total_tokens: 12,
            cache_read_input_tokens: null,
            cache_creation_input_tokens: null,
            reasoning_output_tokens: null,
          },
          stream_outcome: 'not_a_stream',
          time_to_first_event_ms: null,
          duration_ms: 1250,
        },
      ],
      call_ids: ['019a0000-0000-7000-8000-000000000001'],
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: 'b7ad6b7169203331',
      library: { name: 'cometapi-otel', version: '0.1.0' },
      environment: {
        upstream: 'cometapi',
        name: 'ci',
        runtime: { name: 'node', version: '24.21.0' },
        os: 'linux',
        sdks: [],
        settings: {
          max_attempts: 3,
          retry: 'standard',
          header_timeout_ms: 600_000,
          deadline_ms: 900_000,
          idle_timeout_ms: 120_000,
          max_stream_ms: 3_600_000,
          max_retry_after_ms: 60_000,
          backoff_base_ms: 500,
          backoff_cap_ms: 8_000,
          retry_budget: true,
          max_connections: 64,
          transport: 'dispatcher',
          telemetry: true,
          propagate: false,
          openai_compatible: false,
        },
      },
      handoff: {
        command_label: 'npm run smoke',
        result: 'pass',
        changed_files: 2,
        remaining_uncertainty: [],
      },
    });
  });

  it('claims no redaction without a scan, so a successful CometAPI call needs follow-up', () => {
    const trace = usageTrace(completedCall());
    expect(trace).toMatchObject({
      run_id: null,
      source_urls: [],
      request_family: 'chat',
      credential_redacted: false,
      redaction_check: 'not_checked',
      result_class: 'needs_follow_up',
      failure_class: 'operator_follow_up',
      notes: null,
      library: LIBRARY,
    });
    expect(trace.handoff).toEqual({
      command_label: null,
      result: 'needs_follow_up',
      changed_files: null,
      remaining_uncertainty: [
        'docs_not_checked',
        'environment_not_declared',
        'model_not_verified',
        'redaction_not_checked',
      ],
    });
  });

  it.each([
    ['documentation was not checked', {}, 'value_scan'],
    ['the record was not scanned', { docsChecked: docs }, 'not_checked'],
  ] as const)('does not pass for CometAPI if %s', (_, annotations, redactionCheck) => {
    expect(draftUsageTrace(completedCall(), annotations)(redactionCheck)).toMatchObject({
      result_class: 'needs_follow_up',
      failure_class: 'operator_follow_up',
      handoff: { result: 'needs_follow_up' },
    });
  });

  it('passes for the simulator without documentation, and names the simulator', () => {
    const trace = usageTrace(completedCall({ upstream: 'simulator' }));
    expect(trace.result_class).toBe('pass');
    expect(trace.environment.upstream).toBe('simulator');
    expect(trace.handoff.remaining_uncertainty).toContain('simulator_not_cometapi');
  });

  it.each<[ErrorCategory, string, string]>([
    ['invalid_request', 'fail', 'contract_mismatch'],
    ['path_or_base_url', 'fail', 'contract_mismatch'],
    ['not_found', 'fail', 'contract_mismatch'],
    ['payload_too_large', 'fail', 'contract_mismatch'],
    ['auth_rejected', 'fail', 'auth_rejected'],
    ['unexpected_response', 'fail', 'unexpected_response'],
    ['truncated_stream', 'fail', 'unexpected_response'],
    ['stream_idle', 'fail', 'unexpected_response'],
    ['permission_denied', 'needs_follow_up', 'operator_follow_up'],
    ['rate_limited', 'needs_follow_up', 'operator_follow_up'],
    ['quota', 'needs_follow_up', 'operator_follow_up'],
    ['model_unavailable', 'needs_follow_up', 'operator_follow_up'],
    ['server_error', 'needs_follow_up', 'operator_follow_up'],
    ['gateway_timeout', 'needs_follow_up', 'operator_follow_up'],
    ['timeout', 'needs_follow_up', 'operator_follow_up'],
    ['connection', 'needs_follow_up', 'operator_follow_up'],
    ['tls', 'needs_follow_up', 'operator_follow_up'],
    ['cancelled', 'needs_follow_up', 'operator_follow_up'],
    ['unknown', 'needs_follow_up', 'operator_follow_up'],
    ['none', 'needs_follow_up', 'operator_follow_up'],
  ])('rates a call that failed with %s as %s (%s)', (category, resultClass, failureClass) => {
    expect(usageTrace(failed(category))).toMatchObject({ result_class: resultClass, failure_class: failureClass });
  });

  it.each<[string, Partial<CallFacts>, string]>([
    [
      'an error object with status 200',
      { endingReason: 'unexpected_response', category: 'rate_limited' },
      'unexpected_response',
    ],
    ['an HTML page with status 200', { endingReason: 'unexpected_response', contentKind: 'html' }, 'contract_mismatch'],
    ['a redirect', { endingReason: 'redirect', status: 301 }, 'contract_mismatch'],
    ['response.failed', { endingReason: 'response_failed', category: 'server_error' }, 'unexpected_response'],
    ['an error event', { endingReason: 'stream_error_event', category: 'rate_limited' }, 'unexpected_response'],
  ])('rates %s as a failure regardless of its error code', (_, changes, failureClass) => {
    expect(usageTrace(failed('unknown', changes))).toMatchObject({ result_class: 'fail', failure_class: failureClass });
  });

  it.each(['cancelled', 'abandoned'] as const)('needs follow-up for a %s call even after a 200', (ending) => {
    const trace = usageTrace(completedCall({ ending, endingReason: 'caller_abort', upstream: 'simulator' }));
    expect(trace.result_class).toBe('needs_follow_up');
    expect(trace.calls[0]?.status).toBe('aborted');
  });

  it('takes the result of the worst call, and sums only reported token counts', () => {
    const other = checked('id', 'other-call');
    const calls = [
      completedCall(),
      failed('rate_limited', { callId: other, response: {} }),
      { ...truncatedStream(), endedAt: checked('timestamp', '2026-11-21T10:05:00.000Z') },
    ];
    const trace = usageTrace(calls, { docsChecked: docs });
    expect(trace).toMatchObject({
      checked_at: '2026-11-21T10:05:00.000Z',
      result_class: 'fail',
      failure_class: 'unexpected_response',
      attempt_count: 4,
      usage: { input_tokens: 9, output_tokens: 3, total_tokens: 12 },
      call_ids: ['019a0000-0000-7000-8000-000000000001', 'other-call', '019a0000-0000-7000-8000-000000000002'],
      trace_id: '0af7651916cd43dd8448eb211c80319c',
      span_id: null,
    });
    expect(trace.calls.map((call) => [call.status, call.usage === 'absent', call.stream_outcome])).toEqual([
      ['200', false, 'not_a_stream'],
      ['200', true, 'not_a_stream'],
      ['truncated', true, 'truncated'],
    ]);
  });

  it('passes an error-path check with the expected error, and fails it if the request is accepted', () => {
    const good = completedCall({ upstream: 'simulator' });
    const rejected = failed('auth_rejected', { callId: checked('id', 'bad-key'), status: 401, upstream: 'simulator' });
    const expectedErrors = [{ callId: 'bad-key', category: 'auth_rejected' }];
    expect(usageTrace([good, rejected]).result_class).toBe('fail');
    expect(usageTrace([good, rejected], { expectedErrors }).result_class).toBe('pass');
    const accepted = completedCall({ callId: checked('id', 'bad-key'), upstream: 'simulator' });
    expect(usageTrace([good, accepted], { expectedErrors })).toMatchObject({
      result_class: 'fail',
      failure_class: 'contract_mismatch',
    });
    const refused = failed('connection', { callId: checked('id', 'bad-key'), upstream: 'simulator' });
    expect(usageTrace([good, refused], { expectedErrors }).result_class).toBe('needs_follow_up');
  });

  it('reports different families as mixed, and a run with one simulated call as simulated', () => {
    const trace = usageTrace(
      [completedCall(), completedCall({ family: 'cometapi-text-responses', upstream: 'simulator' })],
      { contractCheck: true },
    );
    expect(trace.request_family).toBe('mixed');
    expect(trace.environment.upstream).toBe('simulator');
    const others = [completedCall({ upstream: 'other' }), completedCall({ upstream: 'simulator' })];
    expect(usageTrace(others).environment.upstream).toBe('simulator');
  });

  it('reports local gateway calls, different settings, missing usage, a missing request id and a possible double bill', () => {
    const { requestId: _, ...withoutId } = failed('server_error', { entryPoint: 'gateway', maybeSentTwice: true });
    const { settings } = completedCall();
    const trace = usageTrace([
      withoutId,
      completedCall({ response: {}, settings: { ...settings, maxAttempts: 1 } }),
      failed('unknown'),
    ]);
    expect(trace.wrapper_used).toBe('gateway');
    expect(trace.handoff.remaining_uncertainty.slice(0, 6)).toEqual([
      'outcome_needs_follow_up',
      'error_category_unclear',
      'usage_not_reported',
      'request_id_missing',
      'may_be_billed_twice',
      'settings_differ_between_calls',
    ]);
  });

  it('throws a RangeError without a call', () => {
    expect(() => usageTrace([])).toThrow(
      new RangeError('A usage trace needs at least one call. Pass the `CallFacts` of at least one call.'),
    );
  });

  it('uses the status of the last attempt, not of the last response', () => {
    const calls = completedCall({
      ending: 'failed',
      endingReason: 'connection',
      category: 'connection',
      status: 429,
      attempts: [limitedAttempt(), attempt({ index: 2, category: 'connection', errorType: 'connection_reset' })],
    });
    expect(usageTrace(calls).calls[0]?.status).toBe('connection_error');
  });
});
