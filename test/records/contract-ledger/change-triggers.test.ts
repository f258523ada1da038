import { describe, expect, it } from 'vitest';
import type { CallFacts } from '../../../src/facts/call-facts';
import { changeTriggers, newlyParsed, releaseChecklist } from '../../../src/records/contract-ledger/change-triggers';
import { contractLedger } from '../../../src/records/contract-ledger/contract-ledger';
import { ServiceUsageCollector } from '../../../src/records/contract-ledger/service-usage';
import { ANNOTATIONS, allChecks } from '../contract-samples';
import { checked, completedCall } from '../sample-facts';

const ledger = contractLedger(allChecks(), ANNOTATIONS);

function usageOf(calls: readonly CallFacts[], name = 'staging') {
  const collector = new ServiceUsageCollector();
  for (const facts of calls) {
    const environment = { upstream: facts.upstream, name: checked('name', name), runtime: null, os: null, sdks: [] };
    collector.add({ facts, environment });
  }
  return collector.usage();
}

const triggers = (calls: readonly CallFacts[], name?: string) =>
  changeTriggers(ledger, usageOf(calls, name)).map(({ trigger, what }) => `${trigger}: ${what}`);

const call = completedCall();
const withSettings = (changes: Partial<CallFacts['settings']>, more: Partial<CallFacts> = {}) =>
  completedCall({ ...more, settings: { ...call.settings, ...changes } });

describe('changeTriggers', () => {
  it('reports nothing if the service calls as before', () => {
    expect(triggers([call, call])).toEqual([]);
  });

  it('reports a new endpoint and new request fields', () => {
    const request = {
      ...call.request,
      fields: ['messages', 'model', 'max_tokens', 'tools'] as const,
      otherFieldCount: 2,
    };
    expect(
      triggers([
        completedCall({ request }),
        completedCall({ family: 'cometapi-text-responses', routeTemplate: '/v1/responses' }),
      ]),
    ).toEqual([
      'new_endpoint: /v1/responses',
      'changed_request_fields: /v1/chat/completions tools',
      'changed_request_fields: /v1/chat/completions undocumented fields: 2',
    ]);
  });

  it('reports changed retries and timeouts with both values', () => {
    expect(triggers([withSettings({ maxAttempts: 5, deadlineMs: 60_000 })])).toEqual([
      'changed_retry_or_timeout: max_attempts changed from 3 to 5',
      'changed_retry_or_timeout: deadline_ms changed from 900000 to 60000',
    ]);
  });

  it('ignores the different header timeout of a stream', () => {
    expect(triggers([withSettings({ headerTimeoutMs: 120_000 }, { stream: true })])).toEqual([]);
    expect(triggers([withSettings({ headerTimeoutMs: 120_000 })])).toEqual([
      'changed_retry_or_timeout: header_timeout_ms changed from 600000 to 120000',
    ]);
  });

  it('reports a new base URL and a new environment', () => {
    expect(triggers([completedCall({ serverAddress: checked('host', 'proxy.example'), serverPort: 8443 })])).toEqual([
      'changed_account_credential_or_environment: new base URL proxy.example:8443',
    ]);
    expect(triggers([call], 'production')).toEqual(['staging_to_production: new environment production']);
    expect(triggers([call], 'ci')).toEqual(['changed_account_credential_or_environment: new environment ci']);
  });

  it('reports a field that the code newly parses', () => {
    const parsed = new Map([
      ['/v1/chat/completions', [checked('json_path', 'choices[].message.content'), checked('json_path', 'id')]],
    ]);
    expect(newlyParsed(ledger, parsed)).toEqual([{ trigger: 'newly_parsed_field', what: '/v1/chat/completions id' }]);
  });

  it('puts changes that records can miss on the release checklist', () => {
    expect(releaseChecklist(true)).toEqual(['changed_account_credential_or_environment', 'incident']);
    expect(releaseChecklist(false)).toHaveLength(6);
  });

  it('keeps at most 32 servers of a record file', () => {
    const calls = Array.from({ length: 500 }, (_, at) =>
      completedCall({ serverAddress: checked('host', `host-${at}.example`), serverPort: at }),
    );
    expect(usageOf(calls).servers).toHaveLength(32);
  });
});
