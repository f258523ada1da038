import { markdownCode, markdownFence, markdownTable, markdownText } from '../shared/markdown';
import { bullets, page, pageHeading, spaced } from '../shared/markdown-page';
import { renderRecord } from '../shared/render-record';
import type { IncidentPacket } from './incident-packet';

const NOT_STATED = '_not stated (evidence gap)_';
const NOT_OBSERVED = '_not observed_';

/** The template fields of a support packet, in the order of the page. */
const TEMPLATE = [
  'incident_id',
  'recorded_at_utc',
  'workflow_name',
  'api_surface_checked',
  'http_method',
  'route_template',
  'status_code_class',
  'error_category',
  'trace_id_present',
  'credential_used',
  'request_body_summary',
  'response_body_summary',
  'support_question',
  'operator_result',
] as const satisfies readonly (keyof IncidentPacket)[];

/**
 * Renders the packet as a Markdown page.
 *
 * The page has four sections, with the question near the top and at the end. Annotations are escaped, so they cannot
 * add markup or links.
 */
export function renderIncidentPacket(packet: IncidentPacket): string {
  return page([
    ...heading(packet),
    ...incidentLayer(packet),
    ...reproductionLayer(packet),
    ...telemetryLayer(packet),
    '## 4. Question for support',
    stated(packet.support_question),
    ...knowledge(packet),
    ...contract(packet),
    '## What this packet does not assert',
    bullets(packet.not_asserted.map(spaced)),
    '## Record',
    markdownFence(template(packet), 'yaml'),
    '## Question for support (repeated)',
    stated(packet.support_question),
  ]);
}

function heading(packet: IncidentPacket): readonly string[] {
  const id = packet.incident_id === null ? '' : ` ${markdownText(packet.incident_id)}`;
  return [
    ...pageHeading(`Incident support packet${id}`, packet.environment.upstream ?? 'other'),
    `**Question:** ${stated(packet.support_question)}`,
  ];
}

function incidentLayer(packet: IncidentPacket): readonly string[] {
  return [
    '## 1. Incident',
    [
      `- **Workflow:** ${stated(packet.workflow_name)}`,
      `- **When (UTC):** ${packet.test_window_utc?.replace('/', ' to ') ?? NOT_OBSERVED}`,
      `- **Environment:** ${stated(packet.environment.name)}`,
      `- **Symptom:** ${stated(packet.symptom)}`,
      `- **Result:** ${packet.operator_result}${packet.operator_result_source === 'computed' ? ' (computed)' : ''}`,
    ].join('\n'),
  ];
}

function reproductionLayer(packet: IncidentPacket): readonly string[] {
  if (packet.reproduction === null) {
    return [
      '## 2. Smallest safe reproduction',
      'No safe test is known for this incident. Name the interface and choose a harmless request from its reference.',
    ];
  }
  return [
    '## 2. Smallest safe reproduction',
    [
      '1. Use a non-production environment and a non-production key. Do not write the key into this packet.',
      `2. Replace the placeholders with values from the CometAPI ${pageName(packet.contract_pages_to_compare[0] ?? 'reference')}. Disable retries.`,
      '3. Send the request once. Compare the status, error category and shape of the response with section 3.',
      ...(packet.http_method === 'POST'
        ? ['4. Send the request again without the `model` field. The expected error category is `invalid_request`.']
        : []),
    ].join('\n'),
    markdownFence(packet.reproduction, 'sh'),
    `**Model:** ${packet.model_verified_by === null ? packet.model_detail : `${markdownCode(packet.model_detail)}, verified by ${address(packet.model_verified_by)}`}`,
  ];
}

function telemetryLayer(packet: IncidentPacket): readonly string[] {
  const retry =
    packet.retry_behavior === 'bounded'
      ? `bounded, at most ${packet.retry_max_attempts} attempts`
      : (packet.retry_behavior ?? NOT_OBSERVED);
  const rows: readonly (readonly [string, string])[] = [
    ['HTTP method', packet.http_method ?? NOT_OBSERVED],
    ['Route template', code(packet.route_template)],
    ['API surface', packet.api_surface_checked ?? NOT_OBSERVED],
    ['API surface reached', packet.api_surface_reached],
    ['Status class', packet.status_code_class ?? NOT_OBSERVED],
    ['Error category', code(packet.error_category)],
    ['Request id', withSource(packet)],
    ['Trace id', code(packet.trace_id)],
    ['Retries', retry],
    ['Requests sent', packet.attempts.length === 0 ? NOT_OBSERVED : String(packet.attempts.length)],
    ['Request body', markdownText(packet.request_body_summary ?? 'not observed')],
    ['Response body', packet.response_body_summary ?? NOT_OBSERVED],
    ['Upstream', packet.environment.upstream ?? NOT_OBSERVED],
    ['Versions', versions(packet)],
  ];
  return ['## 3. Telemetry', markdownTable(['Field', 'Value'], rows), ...attemptTable(packet), ...callTable(packet)];
}

function attemptTable({ attempts }: IncidentPacket): readonly string[] {
  if (attempts.length === 0) {
    return [];
  }
  const rows = attempts.map((attempt) => [
    String(attempt.index),
    attempt.status,
    code(attempt.error_class),
    `${attempt.decision} (${attempt.because})`,
    attempt.delay_ms === null ? '' : `${attempt.delay_ms} ms`,
    code(attempt.request_id, ''),
  ]);
  return [markdownTable(['Attempt', 'Status', 'Category', 'Decision', 'Wait', 'Request id'], rows)];
}

function callTable({ calls, omitted_call_count: omitted }: IncidentPacket): readonly string[] {
  if (calls.length < 2) {
    return [];
  }
  const rows = calls.map((call) => [
    call.started_at,
    call.route_template,
    call.status,
    code(call.error_category),
    String(call.attempts),
    code(call.request_id, ''),
  ]);
  return [
    markdownTable(['Started (UTC)', 'Route', 'Status', 'Category', 'Requests', 'Request id'], rows),
    ...(omitted > 0 ? [`Earlier calls that are not listed: ${omitted}.`] : []),
  ];
}

function knowledge(packet: IncidentPacket): readonly string[] {
  return [
    '## Facts',
    bullets(packet.facts.map(markdownText)),
    '## Guesses',
    bullets(packet.guesses.map(markdownText)),
    '## Still to verify',
    bullets([
      ...packet.evidence_gaps.map((gap) => `evidence gap: ${spaced(gap)}`),
      ...packet.still_to_verify.map(open),
    ]),
    ...(packet.notes === null ? [] : ['## Notes', markdownText(packet.notes)]),
  ];
}

function contract(packet: IncidentPacket): readonly string[] {
  const sources = packet.sources.map(({ url, accessed_on: day }) => `${address(url)}, accessed ${day}`);
  const named = packet.contract_pages_to_compare.map((name) => `CometAPI ${pageName(name)}`);
  const links = packet.links.map((link) => address(link));
  return [
    '## Contract pages to compare',
    bullets([...named, ...sources.map((source) => `checked: ${source}`)]),
    ...(sources.length === 0 ? ['The operator did not state that documentation was checked.'] : []),
    ...(links.length === 0 ? [] : ['## Links', bullets(links)]),
  ];
}

/** Renders only the template fields, with the quoting of the YAML record. */
function template(packet: IncidentPacket): string {
  const fields = Object.fromEntries(TEMPLATE.map((name) => [name, packet[name]]));
  const lines = renderRecord({ record: packet.record, ...fields }, 'yaml').split('\n');
  return lines.filter((line) => !line.startsWith('record:')).join('\n');
}

function withSource(packet: IncidentPacket): string {
  const { request_id: id, request_id_source: source } = packet;
  return id === null ? NOT_OBSERVED : `${code(id)} (source: ${source ?? 'unknown'})`;
}

function versions({ library, environment }: IncidentPacket): string {
  const parts = [library, environment.runtime, ...environment.sdks].filter((part) => part !== null);
  return markdownText(parts.map(({ name, version }) => `${name} ${version}`).join(', '));
}

function stated(text: string | null): string {
  return text === null ? NOT_STATED : markdownText(text);
}

function code(text: string | null, otherwise = NOT_OBSERVED): string {
  return text === null ? otherwise : markdownCode(text);
}

/** Renders a URL as code, so that a Markdown reader does not turn it into a link. */
function address(url: string): string {
  return markdownCode(url);
}

function pageName(page: string): string {
  return page.replaceAll('-', ' ');
}

function open(word: string): string {
  const [name = '', detail] = word.split(':');
  return detail === undefined ? spaced(name) : `${spaced(name)}: ${markdownCode(detail)}`;
}
