import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRedactor } from '../../../src/facts/redaction/redactor';
import { draftIncidentPacket, incidentPacket } from '../../../src/records/incident-packet/incident-packet';
import { renderIncidentPacket } from '../../../src/records/incident-packet/markdown';
import { renderRecord } from '../../../src/records/shared/render-record';
import { sealRecord } from '../../../src/records/shared/seal-record';
import { checked, completedCall, limitedAttempt, madeUpKey } from '../sample-facts';

const failed = completedCall({
  ending: 'failed',
  endingReason: 'http_status',
  status: 429,
  errorType: '429',
  category: 'rate_limited',
  phase: 'headers',
  serverCode: 'rate_limit_exceeded',
  retryAfterMs: 120_000,
  attempts: [
    limitedAttempt(),
    limitedAttempt({ index: 2, decision: 'final_attempt', because: 'retry_after_exceeds_budget' }),
  ],
});

const annotations = {
  incidentId: 'INC-7',
  workflow: 'nightly summary',
  symptom: 'Summaries are empty since 10:05 UTC.',
  question: 'Is a 429 expected for one request a minute to the documented chat interface?',
  environmentName: 'staging',
  docsChecked: ['https://apidoc.cometapi.com/api/text/chat@2026-11-20'],
};

/** Names of the template fields, in order. */
const TEMPLATE =
  'incident_id recorded_at_utc workflow_name api_surface_checked http_method route_template status_code_class error_category trace_id_present credential_used request_body_summary response_body_summary support_question operator_result'.split(
    ' ',
  );

describe('incidentPacket', () => {
  it('contains the template fields and the details that support needs', () => {
    const { attempts, environment, library, reproduction, ...packet } = incidentPacket(failed, annotations);
    expect(packet).toEqual({
      record: 'incident_packet',
      schema_version: 2,
      incident_id: 'INC-7',
      recorded_at_utc: '2026-11-21T10:00:01.250Z',
      workflow_name: 'nightly summary',
      api_surface_checked: 'documented-chat-interface',
      http_method: 'POST',
      route_template: '/v1/chat/completions',
      status_code_class: '4xx',
      error_category: 'rate_limited',
      trace_id_present: true,
      credential_used: '<API_KEY_PLACEHOLDER>',
      request_body_summary: 'fields=messages,model; stream=false; message_count=1; other_fields=0; body_bytes=96',
      response_body_summary: 'omitted-or-sanitized',
      support_question: annotations.question,
      operator_result: 'needs-follow-up',
      operator_result_source: 'computed',
      test_window_utc: '2026-11-21T10:00:00.000Z/2026-11-21T10:00:01.250Z',
      sanitized_repro_steps_present: true,
      symptom: annotations.symptom,
      request_id: '20260101080000123456789AbCdEfGh',
      request_id_source: 'x-oneapi-request-id',
      retry_behavior: 'bounded',
      retry_max_attempts: 3,
      api_surface_reached: 'yes',
      model_detail: 'model detail still to be verified',
      model_verified_by: null,
      calls: [
        {
          call_id: failed.callId,
          started_at: failed.startedAt,
          ended_at: failed.endedAt,
          http_method: 'POST',
          route_template: '/v1/chat/completions',
          status: '429',
          status_code_class: '4xx',
          error_category: 'rate_limited',
          attempts: 2,
          request_id: '20260101080000123456789AbCdEfGh',
          request_id_source: 'x-oneapi-request-id',
          trace_id: failed.traceId,
          duration_ms: 1250,
        },
      ],
      omitted_call_count: 0,
      facts: [
        'POST /v1/chat/completions ended as failed (http_status).',
        'The final status is 429 and the error category is rate_limited.',
        'The client made 2 attempts. Status of each attempt: 429, 429.',
        'The settings allowed at most 3 attempts within 900000 ms.',
        'The server returned the error code rate_limit_exceeded.',
        'The server asked the client to wait 120000 ms.',
        'The content type of the last response was json.',
        'The call took 1250 ms.',
      ],
      guesses: [],
      still_to_verify: ['model_detail', 'outcome_needs_follow_up', 'redaction_not_checked'],
      evidence_gaps: [],
      contract_pages_to_compare: ['chat-reference', 'error-codes', 'help-center'],
      sources: [{ url: 'https://apidoc.cometapi.com/api/text/chat', accessed_on: '2026-11-20' }],
      links: [],
      notes: null,
      evidence: null,
      not_asserted: [
        'uptime',
        'rate_limits',
        'pricing',
        'model_availability',
        'latency_guarantees',
        'billing_impact',
        'root_cause',
      ],
      excluded_fields: [
        'prompt',
        'response_body',
        'authorization',
        'headers',
        'query_values',
        'tool_arguments',
        'server_message',
      ],
      redaction_check: 'not_checked',
      call_ids: [failed.callId],
      trace_id: failed.traceId,
      span_id: failed.spanId,
      handoff: {
        command_label: null,
        result: 'needs-follow-up',
        changed_files: null,
        remaining_uncertainty: ['model_detail', 'outcome_needs_follow_up', 'redaction_not_checked'],
      },
    });
    expect(Object.keys(packet).slice(2, 16)).toEqual(TEMPLATE);
    expect(attempts.map(({ status, decision, because }) => [status, decision, because])).toEqual([
      ['429', 'retried', 'retryable_status'],
      ['429', 'final_attempt', 'retry_after_exceeds_budget'],
    ]);
    expect(environment).toMatchObject({ upstream: 'cometapi', name: 'staging', settings: { max_attempts: 3 } });
    expect(library).toEqual({ name: 'cometapi-otel', version: '0.1.0' });
    expect(reproduction).toContain('Authorization: Bearer <API_KEY_PLACEHOLDER>');
  });

  it('uses the quoting of the template in YAML, and parses to the same packet', () => {
    const packet = incidentPacket(failed, { ...annotations, workflow: 'nightly' });
    const yaml = renderRecord(packet, 'yaml');
    expect(yaml.split('\n').slice(2, 16)).toEqual([
      'incident_id: INC-7',
      'recorded_at_utc: 2026-11-21T10:00:01.250Z',
      'workflow_name: nightly',
      'api_surface_checked: documented-chat-interface',
      'http_method: POST',
      'route_template: /v1/chat/completions',
      'status_code_class: 4xx',
      'error_category: rate_limited',
      'trace_id_present: true',
      'credential_used: <API_KEY_PLACEHOLDER>',
      'request_body_summary: "fields=messages,model; stream=false; message_count=1; other_fields=0; body_bytes=96"',
      'response_body_summary: omitted-or-sanitized',
      `support_question: "${annotations.question}"`,
      'operator_result: needs-follow-up',
    ]);
    expect(parse(yaml)).toEqual(packet);
  });

  it.each(['no', 'Yes', 'null', 'off', 'y'])('keeps a workflow named %s as a string in YAML', (workflow) => {
    const packet = incidentPacket(failed, { ...annotations, workflow });
    for (const version of ['1.1', '1.2'] as const) {
      expect(parse(renderRecord(packet, 'yaml'), { version })).toMatchObject({ workflow_name: workflow });
    }
  });

  it('lists missing evidence and does not invent it', () => {
    const packet = incidentPacket([]);
    expect(packet).toMatchObject({
      incident_id: null,
      recorded_at_utc: null,
      workflow_name: null,
      http_method: null,
      status_code_class: null,
      trace_id_present: false,
      support_question: null,
      operator_result: 'needs-follow-up',
      test_window_utc: null,
      sanitized_repro_steps_present: false,
      api_surface_reached: 'unknown',
      retry_behavior: null,
      evidence_gaps: [
        'no_call_observed',
        'workflow_not_stated',
        'symptom_not_stated',
        'question_not_stated',
        'incident_id_not_stated',
        'time_window_unknown',
        'no_safe_reproduction_known',
        'docs_not_checked',
      ],
      environment: { upstream: null, settings: null },
    });
  });

  it('uses the call of an error, and reports a gap for an error without a call', () => {
    expect(incidentPacket({ facts: failed }, annotations)).toEqual(incidentPacket(failed, annotations));
    expect(incidentPacket({}, annotations).evidence_gaps).toContain('no_call_observed');
  });

  it('describes the last failed call, lists the last 50 calls in order, and counts the others', () => {
    const at = (minute: number) => checked('timestamp', `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000Z`);
    const calls = Array.from({ length: 55 }, (_, minute) =>
      completedCall({
        callId: checked('id', `call-${minute}`),
        startedAt: at(minute),
        endedAt: at(minute + 1),
        ...(minute === 20 && { ending: 'failed', endingReason: 'http_status', category: 'server_error', status: 503 }),
      }),
    );
    const packet = incidentPacket([...calls].reverse(), annotations);
    expect(packet).toMatchObject({
      status_code_class: '5xx',
      error_category: 'server_error',
      test_window_utc: '2026-11-21T10:00:00.000Z/2026-11-21T10:55:00.000Z',
      omitted_call_count: 5,
    });
    expect(packet.calls.map((call) => call.call_id)).toEqual(calls.slice(5).map((call) => call.callId));
    expect(packet.facts.slice(0, 2)).toEqual([
      'The window contains 55 calls: 54 completed, 1 failed.',
      'The next facts describe the last failed call.',
    ]);
  });

  it('names a model only with a verification source, and reports a different requested model', () => {
    const named = (more: object) => incidentPacket(failed, { ...annotations, ...more });
    expect(JSON.stringify(named({}))).not.toContain('gpt-5-mini');
    expect(renderIncidentPacket(named({}))).not.toContain('gpt-5-mini');
    expect(named({ verifiedModel: 'gpt-5-mini' })).toMatchObject({
      model_detail: 'model detail still to be verified',
      still_to_verify: expect.arrayContaining(['model_detail', 'declared_value_dropped']),
    });
    expect(named({ verifiedModel: 'gpt-5-mini', verifiedBy: 'account' })).toMatchObject({
      model_detail: 'gpt-5-mini',
      model_verified_by: 'account',
      still_to_verify: ['outcome_needs_follow_up', 'redaction_not_checked'],
    });
    expect(named({ verifiedModel: 'gpt-6', verifiedBy: 'account' }).still_to_verify).toContain(
      'verified_model_differs',
    );
  });

  it('replaces claims without a source, and keeps claims with one', () => {
    const claim = { ...annotations, symptom: 'The root cause is an outage.', guesses: ['quota'] };
    expect(incidentPacket(failed, claim)).toMatchObject({
      symptom: 'The [needs separate account-owned evidence] is an [needs separate account-owned evidence].',
      guesses: ['[needs separate account-owned evidence]'],
      still_to_verify: expect.arrayContaining(['claim_needs_evidence']),
    });
    expect(incidentPacket(failed, { ...claim, evidence: 'account' })).toMatchObject({
      symptom: 'The root cause is an outage.',
      evidence: 'account',
    });
  });

  it('lists the differences from another environment, with known field names only', () => {
    const { upstream, name, runtime, os, sdks, settings } = incidentPacket(failed, annotations).environment;
    if (upstream === null || settings === null) {
      throw new Error('The sample lacks an upstream or settings.');
    }
    const here = { upstream, name, runtime, os, sdks, settings };
    const open = (comparedWith: typeof here) => incidentPacket(failed, annotations, { comparedWith }).still_to_verify;
    expect(open(here).filter((word) => word.startsWith('environment_differs'))).toEqual([]);
    const elsewhere = {
      ...here,
      name: checked('name', 'laptop'),
      settings: { ...settings, max_attempts: 1 },
      'a prompt as a name': 1,
    };
    expect(open(elsewhere)).toEqual(
      expect.arrayContaining(['environment_differs:name', 'environment_differs:settings.max_attempts']),
    );
    expect(JSON.stringify(open(elsewhere))).not.toContain('prompt');
  });

  it.each([
    ['a JSON error', { status: 500, contentKind: 'json' }, '5xx', 'yes'],
    ['a proxy page', { status: 504, contentKind: 'html', category: 'gateway_timeout' }, '5xx', 'unknown'],
    ['an HTML page with status 200', { status: 200, contentKind: 'html', category: 'path_or_base_url' }, '2xx', 'no'],
    ['a redirect', { status: 301, endingReason: 'redirect', category: 'path_or_base_url' }, 'other', 'no'],
    ['no connection', { category: 'connection' }, 'other', 'no'],
    ['a timeout', { category: 'timeout' }, 'timeout', 'unknown'],
  ] as const)('derives the status class and the reached interface from %s', (_name, changes, statusClass, reached) => {
    const { status: _status, contentKind: _kind, ...unanswered } = failed;
    const packet = incidentPacket({ ...unanswered, ...changes }, annotations);
    expect([packet.status_code_class, packet.api_surface_reached]).toEqual([statusClass, reached]);
  });

  it('drops an invalid window or link and reports the drop', () => {
    const packet = incidentPacket([], {
      ...annotations,
      window: { from: '2026-11-21T11:00:00Z', to: '2026-11-21T10:00:00Z' },
      links: ['https://runbooks.example/incident', 'http://runbooks.example', 'https://u:p@runbooks.example'],
    });
    expect(packet).toMatchObject({
      test_window_utc: null,
      links: ['https://runbooks.example/incident'],
      still_to_verify: expect.arrayContaining(['declared_value_dropped']),
    });
  });
});

describe('renderIncidentPacket', () => {
  const markdown = renderIncidentPacket(incidentPacket(failed, annotations));

  it('has four sections in order, with the question near the top and at the end', () => {
    const headings = markdown.split('\n').filter((line) => line.startsWith('#'));
    expect(headings).toEqual([
      '# Incident support packet INC-7',
      '## 1. Incident',
      '## 2. Smallest safe reproduction',
      '## 3. Telemetry',
      '## 4. Question for support',
      '## Facts',
      '## Guesses',
      '## Still to verify',
      '## Contract pages to compare',
      '## What this packet does not assert',
      '## Record',
      '## Question for support (repeated)',
    ]);
    const lines = markdown.trimEnd().split('\n');
    expect(lines[2]).toBe(`**Question:** ${annotations.question}`);
    expect(lines.at(-1)).toBe(annotations.question);
  });

  it('contains the workflow, the smallest safe test and the question', () => {
    expect(markdown).toContain('- **Workflow:** nightly summary');
    expect(markdown).toContain('curl -sS -X POST "https://<api-host-from-docs>/v1/chat/completions"');
    expect(markdown).not.toMatch(/Bearer (?!<API_KEY_PLACEHOLDER>)/);
    expect(markdown.split(annotations.question)).toHaveLength(5);
  });

  it.each([
    ['cometapi-text-responses', '/v1/responses', '"input": "documentation contract validation"'],
    ['cometapi-anthropic-messages', '/v1/messages', 'x-api-key: <API_KEY_PLACEHOLDER>'],
    ['cometapi-models', '/v1/models', 'Authorization: Bearer <API_KEY_PLACEHOLDER>'],
  ] as const)('contains the smallest safe test of %s', (family, routeTemplate, part) => {
    const { reproduction } = incidentPacket(completedCall({ family, routeTemplate }), annotations);
    expect(reproduction).toMatch(/^curl -sS/);
    expect(reproduction).toContain(`"https://<api-host-from-docs>${routeTemplate}"`);
    expect(reproduction).toContain(part);
  });

  it('reports a gap for an endpoint without a known safe test', () => {
    const packet = incidentPacket(completedCall({ family: 'cometapi-other', routeTemplate: '_OTHER' }), annotations);
    expect(packet).toMatchObject({ reproduction: null, sanitized_repro_steps_present: false });
    expect(packet.evidence_gaps).toContain('no_safe_reproduction_known');
    expect(renderIncidentPacket(packet)).toContain('No safe test is known for this incident.');
  });

  it('names the simulator at the start, in every format', () => {
    const packet = incidentPacket(completedCall({ upstream: 'simulator' }), annotations);
    expect(renderIncidentPacket(packet)).toMatch(/^> \*\*Simulator\.\*\*/);
    expect(renderRecord(packet, 'yaml')).toMatch(/^# simulator/);
    expect(renderRecord(packet, 'json')).toMatch(/"upstream":"simulator"/);
  });

  it('renders annotations without markup, tables, fences or links', () => {
    const hostile = '| a | b |\n# x\n[click](https://evil.example) ![i](x) `code` ```` <b>';
    const page = renderIncidentPacket(incidentPacket(failed, { ...annotations, symptom: hostile, guesses: [hostile] }));
    expect(page).not.toMatch(/\]\(https/);
    expect(page).not.toContain('<b>');
    expect(page.split('\n').filter((line) => line.startsWith('# '))).toEqual(['# Incident support packet INC-7']);
  });
});

describe('a packet and secrets', () => {
  it('returns any redacted text unchanged from JSON and YAML, on one line', () => {
    const redactor = createRedactor([madeUpKey()]);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 700 }), (text) => {
        const sealed = sealRecord(
          draftIncidentPacket(failed, { workflow: text, symptom: text, question: text, guesses: [text] }, { redactor }),
          redactor,
        );
        if (sealed.sealed) {
          expect(JSON.parse(sealed.json)).toEqual(sealed.record);
          expect(parse(sealed.yaml)).toEqual(sealed.record);
          // biome-ignore lint/suspicious/noControlCharactersInRegex: the text must not contain these characters
          expect(sealed.record.symptom ?? '').not.toMatch(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
        }
      }),
      { numRuns: 100 },
    );
  });

  it('contains no active key in any format, whatever the annotation or encoding', () => {
    const key = madeUpKey();
    const redactor = createRedactor([key]);
    const spellings = [
      key,
      encodeURIComponent(key),
      Buffer.from(key).toString('base64'),
      Buffer.from(key).toString('hex'),
      [...key].join('\u200b'),
      `x${key}y`,
      key.slice(0, 20),
    ];
    for (const spelling of spellings) {
      const text = `before ${spelling} after`;
      const sealed = sealRecord(
        draftIncidentPacket(
          failed,
          {
            incidentId: spelling,
            workflow: text,
            symptom: text,
            question: text,
            environmentName: spelling,
            notes: text,
            guesses: [text],
            links: [`https://runbooks.example/${spelling}`],
            verifiedModel: spelling,
            verifiedBy: 'account',
            commandLabel: text,
            changedFiles: [text],
          },
          { redactor },
        ),
        redactor,
      );
      if (!sealed.sealed) {
        continue;
      }
      for (const form of [sealed.json, sealed.yaml, renderIncidentPacket(sealed.record)]) {
        expect(redactor.containsSecret(form)).toBe(false);
        expect(form).not.toContain(key.slice(3, 15));
      }
    }
  });

  it('refuses a secret in a fact and names the field', () => {
    const key = madeUpKey();
    const redactor = createRedactor([key]);
    // The cast simulates a forged record file.
    const planted = { ...failed, requestId: key as NonNullable<typeof failed.requestId> };
    expect(sealRecord(draftIncidentPacket(planted, annotations, { redactor }), redactor)).toEqual({
      sealed: false,
      leakingFields: ['request_id', 'calls[0].request_id'],
    });
    const other = { ...failed, traceId: madeUpKey() as NonNullable<typeof failed.traceId> };
    expect(sealRecord(draftIncidentPacket(other, annotations, { redactor }), redactor)).toMatchObject({
      sealed: false,
      leakingFields: ['calls[0].trace_id', 'trace_id'],
    });
  });
});
