import type { ChangeTrigger } from './change-triggers';
import type { ContractDetail } from './contract-details';
import type { Drift } from './contract-drift';
import type { LedgerEntry, TestedError } from './contract-entry';
import type { ContractLedger } from './contract-ledger';
import { CONTRACT_AREAS } from './contract-words';
import { markdownCode, markdownFence, markdownTable, markdownText } from './markdown';
import { bullets, page, pageHeading, spaced } from './markdown-page';
import { curlOf, isCheckedFamily } from './minimal-request';

/** How a credential is written in the seeds' template: a variable, never a value. */
const CREDENTIAL = '$' + '{COMETAPI_API_KEY}';

/** The ledger as the tables of seed 000. */
export function renderContractLedger(ledger: ContractLedger): string {
  const { workflow } = ledger;
  return page([
    ...pageHeading('CometAPI contract ledger', ledger.environment.upstream),
    `**Result:** ${spaced(ledger.result_class)}. Made on ${ledger.recorded_at_utc.slice(0, 10)} by ${ledger.library.name} ${ledger.library.version}; edit the declared file, not this one.`,
    '## Workflow',
    markdownTable(
      ['Item', 'Operator note'],
      [
        ['Business owner', said(workflow.business_owner)],
        ['Technical owner', said(workflow.technical_owner)],
        ['Endpoint family', workflow.endpoint_families.join(', ')],
        ['Runtime environment', said(workflow.runtime_environment)],
        ['Failure impact', said(workflow.failure_impact)],
      ],
    ),
    ...ledger.endpoints.flatMap(endpointPage),
    '## What not to infer',
    bullets(ledger.not_inferred.map(spaced)),
    '## Still to verify',
    bullets(ledger.handoff.remaining_uncertainty.map(spaced)),
  ]);
}

function endpointPage(entry: LedgerEntry): readonly string[] {
  return [
    `## ${entry.method_and_path}`,
    markdownTable(['Field', 'Entry'], fieldRows(entry)),
    '### Contract details',
    markdownTable(
      ['Contract area', 'Verified value', 'Declared', 'Why it matters', 'Source that should support it'],
      entry.contract_details.map((detail) => [
        nameOf(detail),
        markdownText(detail.verified_value),
        said(detail.declared_value),
        detail.why_it_matters,
        spaced(detail.source),
      ]),
    ),
    ...positivePage(entry),
    ...errorPage(entry.error_cases_tested),
    ...(entry.disagreements.length === 0
      ? []
      : [
          '### Documentation and live behaviour disagree',
          'Pause rollout for this path, and ask before coding around it.',
          bullets(
            entry.disagreements.map(
              ({ check, what, path }) =>
                `${spaced(check)}: ${spaced(what)}${path === null ? '' : `, ${markdownCode(path)}`}`,
            ),
          ),
        ]),
    ...(isCheckedFamily(entry.endpoint_family)
      ? ['### Sanitized validation request', markdownFence(curlOf(entry.endpoint_family, CREDENTIAL), 'sh')]
      : []),
  ];
}

function fieldRows(entry: LedgerEntry): readonly (readonly [string, string])[] {
  const { last_manual_validation: last, documentation_source: docs } = entry;
  const sources = docs.map((one) => `${markdownCode(one.url)}, accessed ${one.accessed_on}`).join('; ');
  const cases = entry.error_cases_tested.map(({ check }) => spaced(check)).join('; ');
  const environment = last.environment === null ? 'environment not stated' : markdownText(last.environment);
  const initials = last.operator_initials === null ? 'initials not stated' : markdownText(last.operator_initials);
  return [
    ['Endpoint purpose', said(entry.endpoint_purpose)],
    ['Documentation source', sources || said(null)],
    ['Method and path', entry.method_and_path],
    ['Auth requirement', said(entry.auth_requirement)],
    ['Required request fields', paths(entry.required_request_fields)],
    ['Optional request fields', paths(entry.optional_request_fields)],
    ['Parsed response fields', paths(entry.parsed_response_fields)],
    ['Error cases tested', cases || 'none'],
    ['Rate limit, usage, billing', markdownText(entry.documented_limits)],
    ['Last manual validation', `${last.date.slice(0, 10)}, ${environment}, ${initials}`],
    ['Open assumptions', entry.open_assumptions.map(markdownText).join('; ') || 'none stated'],
    ['Result', spaced(entry.result_class)],
  ];
}

function positivePage({ positive_check: positive }: LedgerEntry): readonly string[] {
  if (positive === null) {
    return ['### Positive check', 'Not run.'];
  }
  const rows = [
    ['Minimum payload', positive.outcome],
    ['Status', positive.status],
    ['Error category', spaced(positive.error_category)],
    ['Content type', spaced(positive.content_type)],
    ['Usage', positive.usage],
    ['Timing', positive.timing],
    ['Request metadata', positive.request_metadata],
    ['Rate-limit headers', positive.rate_limit_headers],
    ...positive.parsed_fields.map(({ path, found, optional, types }) => [
      markdownCode(path),
      `${found}${optional ? ' (optional)' : ''}${types.length === 0 ? '' : `, ${types.join(' or ')}`}`,
    ]),
  ];
  return [
    '### Positive check',
    markdownTable(['What', 'Observed'], rows),
    '#### Response shape',
    markdownTable(
      ['Path', 'Types'],
      positive.shape.map(({ path, types }) => [markdownCode(path), types.join(', ')]),
    ),
  ];
}

function errorPage(errors: readonly TestedError[]): readonly string[] {
  if (errors.length === 0) {
    return ['### Negative checks', 'Not run.'];
  }
  const rows = errors.map((error) => [
    spaced(error.check),
    spaced(error.outcome),
    error.status,
    spaced(error.error_category),
    spaced(error.content_type),
    error.request_id,
    error.shape.map(({ path, types }) => `${markdownCode(path)} ${types.join('/')}`).join(', ') || 'none',
  ]);
  const head = ['Check', 'Outcome', 'Status', 'Category', 'Content type', 'Request id', 'Error shape'];
  return ['### Negative checks', markdownTable(head, rows)];
}

/** What a comparison found, for people. */
export function renderContractDiff(
  drift: readonly Drift[],
  triggers: readonly ChangeTrigger[],
  checklist: readonly string[],
): string {
  return page([
    '# CometAPI contract: drift',
    drift.length === 0
      ? 'No drift.'
      : markdownTable(
          ['Endpoint', 'Check', 'Signal', 'Path', 'Before', 'Now'],
          drift.map(({ endpoint, check, kind, path, before, now }) => [
            endpoint,
            check === null ? '' : spaced(check),
            spaced(kind),
            path === null ? '' : markdownCode(path),
            before === null ? '' : markdownText(spaced(before)),
            now === null ? '' : markdownText(spaced(now)),
          ]),
        ),
    '## Changes that re-open the check',
    bullets(triggers.map(({ trigger, what }) => `${spaced(trigger)}: ${markdownText(what)}`)),
    '## Release checklist',
    'Records cannot show these. Check the documentation again when any of them happened:',
    checklist.map((event) => `- [ ] ${spaced(event)}`).join('\n'),
  ]);
}

function nameOf({ contract_area: area }: ContractDetail): string {
  return CONTRACT_AREAS.find((known) => known.area === area)?.name ?? spaced(area);
}

function said(text: string | null): string {
  return text === null ? '_not stated_' : markdownText(text);
}

function paths(list: readonly string[]): string {
  return list.length === 0 ? '_not stated_' : list.map(markdownCode).join(', ');
}
