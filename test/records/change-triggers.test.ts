import { describe, expect, it } from 'vitest';
import type { CallFacts } from '../../src/facts/call-facts';
import { changeTriggers, newlyParsed, releaseChecklist } from '../../src/records/change-triggers';
import { contractLedger } from '../../src/records/contract-ledger';
import { ServiceUsageCollector } from '../../src/records/service-usage';
import { allChecks, DECLARED } from './contract-samples';
import { checked, completedCall } from './sample-facts';

const ledger = contractLedger(allChecks(), DECLARED);

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

describe('what records tell of a changed service', () => {
  it('nothing, when it calls as it did', () => {
    expect(triggers([call, call])).toEqual([]);
  });

  it('a new endpoint and new request fields', () => {
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
      'changed_request_fields: /v1/chat/completions 2 fields outside the documented ones',
    ]);
  });

  it('other retries and time limits, with before and now', () => {
    expect(triggers([withSettings({ maxAttempts: 5, deadlineMs: 60_000 })])).toEqual([
      'changed_retry_or_timeout: max_attempts 3 to 5',
      'changed_retry_or_timeout: deadline_ms 900000 to 60000',
    ]);
  });

  it('a stream has another limit to its headers, which is no change', () => {
    expect(triggers([withSettings({ headerTimeoutMs: 120_000 }, { stream: true })])).toEqual([]);
    expect(triggers([withSettings({ headerTimeoutMs: 120_000 })])).toEqual([
      'changed_retry_or_timeout: header_timeout_ms 600000 to 120000',
    ]);
  });

  it('another base URL and another environment', () => {
    expect(triggers([completedCall({ serverAddress: checked('host', 'proxy.example'), serverPort: 8443 })])).toEqual([
      'changed_account_credential_or_environment: base URL proxy.example:8443',
    ]);
    expect(triggers([call], 'production')).toEqual(['staging_to_production: environment production']);
    expect(triggers([call], 'ci')).toEqual(['changed_account_credential_or_environment: environment ci']);
  });

  it('fields the code reads now', () => {
    const parsed = new Map([
      ['/v1/chat/completions', [checked('json_path', 'choices[].message.content'), checked('json_path', 'id')]],
    ]);
    expect(newlyParsed(ledger, parsed)).toEqual([{ trigger: 'newly_parsed_field', what: '/v1/chat/completions id' }]);
  });

  it('what records cannot show is left to a person', () => {
    expect(releaseChecklist(true)).toEqual(['changed_account_credential_or_environment', 'incident']);
    expect(releaseChecklist(false)).toHaveLength(6);
  });

  it('any number of odd lines keeps the collection small', () => {
    const calls = Array.from({ length: 500 }, (_, at) =>
      completedCall({ serverAddress: checked('host', `host-${at}.example`), serverPort: at }),
    );
    expect(usageOf(calls).servers).toHaveLength(32);
  });
});
