import { describe, expect, it } from 'vitest';
import { contractDrift } from '../../../src/records/contract-ledger/contract-drift';
import { contractLedger } from '../../../src/records/contract-ledger/contract-ledger';
import { renderContractDiff } from '../../../src/records/contract-ledger/markdown';
import { ANNOTATIONS, allChecks, positive, refused } from '../contract-samples';

const wallMs = Date.UTC(2026, 10, 21, 12);
const ANSWER = {
  id: 'chatcmpl-1',
  choices: [{ message: { content: 'OK', refusal: null as null | string }, finish_reason: 'stop' }],
  usage: { total_tokens: 12 },
};

const ledger = (observations = allChecks(), annotations: object = ANNOTATIONS) =>
  contractLedger(observations, annotations);

/** Each drift as one line of text, in order. */
function signs(now: ReturnType<typeof ledger>, before = ledger(), maxAgeDays?: number): readonly string[] {
  return contractDrift(before, now, { wallMs, maxAgeDays }).map(({ kind, check, path, before: was, now: is }) =>
    [kind, check, path, was, is].map((word) => word ?? '-').join(' '),
  );
}

const answering = (answer: object) => ledger([positive(answer), ...allChecks().slice(1)]);

describe('contractDrift', () => {
  it('reports no drift if only values differ', () => {
    expect(signs(answering({ ...ANSWER, id: 'another', choices: [ANSWER.choices[0], ANSWER.choices[0]] }))).toEqual([]);
  });

  it('reports a new field, a missing field and a changed type', () => {
    const now = answering({
      ...ANSWER,
      id: 7,
      provider: 'x',
      choices: [{ message: { content: 'OK', refusal: null } }],
    });
    expect(signs(now)).toEqual([
      'field_vanished minimum_payload choices[].finish_reason string -',
      'type_changed minimum_payload id string number',
      'field_appeared minimum_payload provider - string',
    ]);
  });

  it('reports a missing parsed field, but not a missing optional one', () => {
    const now = answering({ id: 'x', choices: [{ message: { refusal: null }, finish_reason: 'stop' }], usage: {} });
    expect(signs(now)).toEqual(['parsed_field_missing minimum_payload choices[].message.content string -']);
  });

  it('ignores fields below an empty list or null', () => {
    expect(signs(answering({ ...ANSWER, choices: [] }))).toEqual([]);
    expect(signs(answering({ ...ANSWER, usage: null }))).toEqual([]);
  });

  it('reports a change to null only for a parsed field', () => {
    const [choice] = ANSWER.choices;
    const withMessage = (message: object) => answering({ ...ANSWER, choices: [{ ...choice, message }] });
    expect(signs(withMessage({ content: 'OK', refusal: 'no' }))).toEqual([]);
    expect(signs(withMessage({ content: null, refusal: null }))).toEqual([
      'type_changed minimum_payload choices[].message.content string null',
    ]);
  });

  it('reports a changed status and shape of an error', () => {
    const [first, ...others] = allChecks();
    const changed = others.map((one) =>
      one.check === 'invalid_type' ? refused('invalid_type', 422, { detail: [{ msg: 'x' }] }) : one,
    );
    expect(signs(ledger([first ?? positive(), ...changed]))).toEqual([
      'status_changed invalid_type - 400 422',
      'error_shape_changed invalid_type detail - array',
      'error_shape_changed invalid_type error object -',
    ]);
  });

  it('reports a negative check that CometAPI now accepts', () => {
    const now = ledger([...allChecks().slice(0, 5), { ...positive(), check: 'unsupported_value' }]);
    expect(signs(now)).toEqual(['mistake_no_longer_refused unsupported_value - 400 200']);
  });

  it('reports a disagreement with the documentation even if the ledger already contains it', () => {
    const now = ledger([positive(), { ...positive(), check: 'missing_auth' }]);
    expect(signs(now, now)).toEqual(['docs_and_behavior_disagree missing_auth - - mistake_accepted']);
  });

  it('reports a minimal request that now fails', () => {
    expect(signs(ledger([refused('minimum_payload', 503, {}, 'server_error')]))).toEqual([
      'status_changed minimum_payload - 200 503 server_error',
    ]);
  });

  it('reports documentation that is outdated or was never checked', () => {
    expect(signs(ledger(), ledger(), 1)).toEqual([]);
    expect(signs(ledger(), ledger(), 0)).toEqual(['documentation_outdated - - 2026-11-20 1 days old']);
    expect(signs(ledger(allChecks(), {}), ledger(), 30)).toContain('documentation_not_checked - - - -');
  });

  it('reports an endpoint that the committed ledger does not contain', () => {
    const responses = { family: 'cometapi-text-responses', routeTemplate: '/v1/responses' } as const;
    expect(signs(ledger([positive({ output: [] }, responses)]))).toEqual(['endpoint_not_in_ledger - - - -']);
  });

  it('renders a table and a checklist', () => {
    const drift = contractDrift(ledger(), answering({ ...ANSWER, provider: 'x' }), { wallMs });
    expect(renderContractDiff(drift, [{ trigger: 'new_endpoint', what: '/v1/responses' }], ['incident'])).toBe(
      [
        '# CometAPI contract drift',
        '',
        '| Endpoint | Check | Signal | Path | Before | Now |',
        '| --- | --- | --- | --- | --- | --- |',
        '| POST /v1/chat/completions | minimum payload | field appeared | `provider` |  | string |',
        '',
        '## Changes that need a new check',
        '',
        '- new endpoint: /v1/responses',
        '',
        '## Release checklist',
        '',
        'This comparison does not detect all of these changes. If one of them occurred, check the documentation again:',
        '',
        '- [ ] incident',
        '',
      ].join('\n'),
    );
  });
});
