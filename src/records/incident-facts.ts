import type { CallFacts } from '../facts/call-facts';
import type { Label } from '../facts/label';
import type { EndpointFamily, ErrorCategory, HttpMethod, RequestIdSource, RouteTemplate } from '../facts/words';
import { type RecordEnvelope, recordEnvelope } from './envelope';
import { holdsOnlyFacts } from './fact-leaves';
import { factSentences } from './incident-sentences';
import { reproductionOf } from './minimal-request';
import { outcomeOf, terminalStatusWord } from './outcome';
import type { RecordSource } from './record-source';
import { type RecordedAttempt, recordedAttempt } from './recorded-attempt';
import { type StatusClass, statusClass } from './status-class';
import { uncertaintyOfFacts } from './uncertainty';
import type { Outcome, StatusWord, Uncertainty } from './values';

export type ApiSurface =
  | 'documented-chat-interface'
  | 'documented-responses-interface'
  | 'documented-messages-interface'
  | 'documented-models-interface'
  | 'other-interface';

/** Documentation an observation of an interface is compared with; where each is found, the operator declares. */
export type ContractPage =
  | 'chat-reference'
  | 'responses-reference'
  | 'messages-reference'
  | 'error-codes'
  | 'help-center';

/** One call of an incident. Without the model: that is named only when somebody verified it (seed 001). */
export interface IncidentCall {
  readonly call_id: Label<'id'>;
  readonly started_at: Label<'timestamp'>;
  readonly ended_at: Label<'timestamp'>;
  readonly http_method: HttpMethod;
  readonly route_template: RouteTemplate;
  readonly status: StatusWord;
  readonly status_code_class: StatusClass;
  readonly error_category: ErrorCategory;
  readonly attempts: number;
  readonly request_id: Label<'id'> | null;
  readonly request_id_source: RequestIdSource | null;
  readonly trace_id: Label<'id'> | null;
  readonly duration_ms: number;
}

/** What was observed: the facts' part of a packet. */
export interface IncidentFacts {
  /** The call the packet is about: the last one that failed, else the last one. */
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
  /** Absent where no minimal request of the interface is documented here. */
  readonly curl: string | null;
  readonly uncertainty: readonly Uncertainty[];
}

const SURFACES: Readonly<Record<EndpointFamily, ApiSurface>> = {
  'cometapi-text-chat': 'documented-chat-interface',
  'cometapi-text-responses': 'documented-responses-interface',
  'cometapi-anthropic-messages': 'documented-messages-interface',
  'cometapi-models': 'documented-models-interface',
  'cometapi-other': 'other-interface',
};
const REFERENCES: Readonly<Partial<Record<EndpointFamily, ContractPage>>> = {
  'cometapi-text-chat': 'chat-reference',
  'cometapi-text-responses': 'responses-reference',
  'cometapi-anthropic-messages': 'messages-reference',
};
/** A list nobody reads to its end says less than its length. */
const MAX_CALLS = 50;

type Calls = readonly [CallFacts, ...CallFacts[]];

export function incidentFacts(calls: Calls, source: RecordSource, credential: string): IncidentFacts {
  const inOrder = [...calls].sort((one, other) => compare(one.startedAt, other.startedAt));
  const subject = inOrder.findLast((call) => call.ending === 'failed') ?? inOrder.at(-1) ?? calls[0];
  const envelope = recordEnvelope(calls, source);
  const outcome = outcomeOf(subject);
  const reference = REFERENCES[subject.family];
  const listed = inOrder.slice(-MAX_CALLS);
  return {
    subject,
    outcome,
    envelope,
    surface: SURFACES[subject.family],
    reached: surfaceReached(subject),
    window: windowOf(calls),
    requestSummary: requestSummary(subject),
    isContentFree: calls.every((call) => holdsOnlyFacts(call)),
    sentences: factSentences(subject, inOrder),
    attempts: subject.attempts.map(recordedAttempt),
    calls: listed.map(incidentCall),
    omittedCalls: inOrder.length - listed.length,
    pages: [...(reference === undefined ? [] : [reference]), 'error-codes', 'help-center'],
    curl: reproductionOf(subject.family, credential),
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
    status: terminalStatusWord(call),
    status_code_class: statusClass(call),
    error_category: call.category,
    attempts: call.attempts.length,
    request_id: call.requestId ?? null,
    request_id_source: call.requestIdSource ?? null,
    trace_id: call.traceId ?? null,
    duration_ms: call.durationMs,
  };
}

/** Timestamps of one form sort as text. */
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

/** Whether an answer of the interface itself was seen; a page of a proxy or a redirect is none. */
export function surfaceReached({ status, category, endingReason, contentKind }: CallFacts): 'yes' | 'no' | 'unknown' {
  if (status === undefined) {
    // A time-out may have struck on either side of it.
    return category === 'connection' || category === 'tls' ? 'no' : 'unknown';
  }
  if (category === 'path_or_base_url' || endingReason === 'redirect') {
    return 'no';
  }
  return contentKind === 'json' || contentKind === 'event_stream' ? 'yes' : 'unknown';
}

/** Counts and names of documented fields; never content. */
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
