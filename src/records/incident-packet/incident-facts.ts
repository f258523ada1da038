import type { CallFacts } from '../../facts/call-facts';
import { FAMILIES, type ReferencePage, type RequestFamily, type RouteTemplate } from '../../facts/endpoints';
import type { ErrorCategory, HttpMethod, RequestIdSource } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import type { Count, Milliseconds } from '../../facts/value-types';
import type { Outcome, StatusValue, Uncertainty } from '../shared/enums';
import { type RecordEnvelope, recordEnvelope } from '../shared/envelope';
import { holdsOnlyFacts } from '../shared/fact-leaves';
import { curlOf } from '../shared/minimal-request';
import { outcomeOf, terminalStatusValue } from '../shared/outcome';
import type { RecordSource } from '../shared/record-source';
import { type RecordedAttempt, recordedAttempt } from '../shared/recorded-attempt';
import { type StatusClass, statusClass } from '../shared/status-class';
import { uncertaintyOfFacts } from '../shared/uncertainty';
import { factSentences } from './incident-sentences';

export type ApiSurface = `documented-${Exclude<RequestFamily, 'other'>}-interface` | 'other-interface';

/** A documentation page to compare with the observed calls. The operator states its URL in an annotation. */
export type ContractPage = ReferencePage | 'error-codes' | 'help-center';

/** One call of an incident. Omits the model, because a packet names a model only after an operator verified it. */
export interface IncidentCall {
  readonly call_id: Identifier<'id'>;
  readonly started_at: Identifier<'timestamp'>;
  readonly ended_at: Identifier<'timestamp'>;
  readonly http_method: HttpMethod;
  readonly route_template: RouteTemplate;
  readonly status: StatusValue;
  readonly status_code_class: StatusClass;
  readonly error_category: ErrorCategory;
  readonly attempts: Count;
  readonly request_id: Identifier<'id'> | null;
  readonly request_id_source: RequestIdSource | null;
  readonly trace_id: Identifier<'id'> | null;
  readonly duration_ms: Milliseconds;
}

/** The part of a packet that comes from facts. */
export interface IncidentFacts {
  /** The call that the packet describes: the last failed call, or the last call if none failed. */
  readonly subject: CallFacts;
  readonly outcome: Outcome;
  readonly envelope: RecordEnvelope;
  readonly surface: ApiSurface;
  readonly reached: 'yes' | 'no' | 'unknown';
  readonly window: `${string}/${string}`;
  readonly requestSummary: string;
  readonly isContentFree: boolean;
  readonly sentences: readonly string[];
  readonly attempts: readonly RecordedAttempt[];
  readonly calls: readonly IncidentCall[];
  readonly omittedCalls: number;
  readonly pages: readonly ContractPage[];
  /** A minimal request, or `null` if this library knows none for the interface. */
  readonly curl: string | null;
  readonly uncertainty: readonly Uncertainty[];
}

/** Limits the list to a length that a reader can check. The packet counts the omitted calls. */
const MAX_CALLS = 50;

type Calls = readonly [CallFacts, ...CallFacts[]];

export function incidentFacts(calls: Calls, source: RecordSource, credential: string): IncidentFacts {
  const inOrder = [...calls].sort((one, other) => compare(one.startedAt, other.startedAt));
  const subject = inOrder.findLast((call) => call.ending === 'failed') ?? inOrder.at(-1) ?? calls[0];
  const envelope = recordEnvelope(calls, source);
  const outcome = outcomeOf(subject);
  const family = FAMILIES[subject.family];
  const listed = inOrder.slice(-MAX_CALLS);
  return {
    subject,
    outcome,
    envelope,
    surface: family.name === 'other' ? 'other-interface' : `documented-${family.name}-interface`,
    reached: surfaceReached(subject),
    window: windowOf(calls),
    requestSummary: requestSummary(subject),
    isContentFree: calls.every((call) => holdsOnlyFacts(call)),
    sentences: factSentences(subject, inOrder),
    attempts: subject.attempts.map(recordedAttempt),
    calls: listed.map(incidentCall),
    omittedCalls: inOrder.length - listed.length,
    pages: [...('reference' in family ? [family.reference] : []), 'error-codes', 'help-center'],
    curl: curlOf(subject.family, credential),
    uncertainty: uncertaintyOfFacts(calls, envelope, [outcome]),
  };
}

function incidentCall(call: CallFacts): IncidentCall {
  return {
    call_id: call.callId,
    started_at: call.startedAt,
    ended_at: call.endedAt,
    http_method: call.method,
    route_template: call.routeTemplate,
    status: terminalStatusValue(call),
    status_code_class: statusClass(call),
    error_category: call.category,
    attempts: call.attempts.length,
    request_id: call.requestId ?? null,
    request_id_source: call.requestIdSource ?? null,
    trace_id: call.traceId ?? null,
    duration_ms: call.durationMs,
  };
}

/** All timestamps have the same format, so they sort as text. */
function compare(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}

function windowOf(calls: Calls): `${string}/${string}` {
  const from = calls.map((call) => call.startedAt).sort()[0];
  const to = calls
    .map((call) => call.endedAt)
    .sort()
    .at(-1);
  return `${from}/${to}`;
}

/** Returns `yes` if the API itself answered. A proxy page or a redirect is not an answer of the API. */
export function surfaceReached({ status, category, endingReason, contentKind }: CallFacts): 'yes' | 'no' | 'unknown' {
  if (status === undefined) {
    // A timeout does not show whether the request arrived.
    return category === 'connection' || category === 'tls' ? 'no' : 'unknown';
  }
  if (category === 'path_or_base_url' || endingReason === 'redirect') {
    return 'no';
  }
  return contentKind === 'json' || contentKind === 'event_stream' ? 'yes' : 'unknown';
}

/** Returns counts and the names of documented fields, never content. */
function requestSummary({ request, stream }: CallFacts): string {
  const counts: readonly (readonly [string, number | undefined])[] = [
    ['message_count', request.messageCount],
    ['tool_count', request.toolCount],
    ['other_fields', request.otherFieldCount],
    ['body_bytes', request.bodyBytes],
  ];
  const known = counts.filter(([, count]) => count !== undefined).map(([name, count]) => `${name}=${count}`);
  const fields = request.fields.length === 0 ? 'none' : request.fields.join(',');
  return [`fields=${fields}`, `stream=${stream}`, ...known].join('; ');
}
