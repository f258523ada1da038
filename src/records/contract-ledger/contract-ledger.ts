import type { CallFacts } from '../../facts/call-facts';
import type { EndpointFamily } from '../../facts/endpoints';
import type { Identifier } from '../../facts/identifier';
import { createRedactor } from '../../facts/redaction/redactor';
import type { AnnotationText, CheckedAnnotations } from '../shared/annotations';
import { type RedactionCheck, type ResultClass, SCHEMA_VERSION, type Uncertainty } from '../shared/enums';
import {
  type Handoff,
  type RecordEnvelope,
  type RecordEnvironment,
  type RecordedSettings,
  recordEnvelope,
} from '../shared/envelope';
import type { LibraryVersion } from '../shared/library';
import type { RecordContext } from '../shared/record-source';
import type { Draft } from '../shared/seal-record';
import { uncertaintyOfRedaction } from '../shared/uncertainty';
import {
  type CheckedContract,
  type ContractAnnotations,
  checkContract,
  undeclaredEndpoint,
} from './contract-annotations';
import { type ContractObservation, type LedgerEntry, ledgerEntry } from './contract-entry';
import { NOT_INFERRED, type NotInferred } from './contract-enums';
import { type ConfiguredSettings, configuredUsage, type ServiceUsage } from './service-usage';

/** The endpoints that a service depends on, and how each one was verified. See docs/contract-ledger.md. */
export interface ContractLedger {
  readonly record: 'contract_ledger';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** Operator annotation. */
  readonly run_id: Identifier<'name'> | null;
  /** End of the last check. */
  readonly recorded_at_utc: Identifier<'timestamp'>;
  readonly workflow: ContractWorkflow;
  readonly endpoints: readonly LedgerEntry[];
  /** How the service calls. A later comparison uses this as its baseline. */
  readonly service: ServiceUsage;
  /** The worst result of all endpoints. */
  readonly result_class: ResultClass;
  readonly notes: AnnotationText | null;
  readonly evidence: CheckedAnnotations['evidence'];
  readonly not_inferred: readonly NotInferred[];
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Identifier<'id'>[];
  readonly trace_id: Identifier<'id'> | null;
  readonly span_id: Identifier<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment & { readonly settings: RecordedSettings };
  readonly handoff: Handoff<ResultClass, Uncertainty>;
}

export interface ContractWorkflow {
  /** Operator annotation. */
  readonly business_owner: AnnotationText | null;
  /** Operator annotation. */
  readonly technical_owner: AnnotationText | null;
  readonly endpoint_families: readonly EndpointFamily[];
  /** Operator annotation. */
  readonly runtime_environment: Identifier<'name'> | null;
  /** Operator annotation. */
  readonly failure_impact: AnnotationText | null;
}

export interface ContractContext extends RecordContext {
  /** How the service calls, according to its records. @default the settings of the checks, changed by `configured` */
  readonly service?: ServiceUsage | undefined;
  /** Settings of the service that differ from the checks. A check sends each request once. */
  readonly configured?: ConfiguredSettings | undefined;
}

/**
 * Builds a contract ledger from contract checks, or from ordinary calls.
 *
 * Ordinary calls produce entries without checks. `redaction_check` is `not_checked`, because this function knows no
 * secrets. The command `contract check` scans the ledger before it writes the file.
 *
 * @throws RangeError if `observations` is empty
 */
export function contractLedger(
  observations: readonly (CallFacts | ContractObservation)[],
  annotations: ContractAnnotations = {},
  context: ContractContext = {},
): ContractLedger {
  return draftContractLedger(observations, annotations, context)('not_checked');
}

type Observations = readonly [ContractObservation, ...ContractObservation[]];

/** Builds the draft of a ledger. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftContractLedger(
  observations: readonly (CallFacts | ContractObservation)[],
  annotations: ContractAnnotations = {},
  context: ContractContext = {},
): Draft<ContractLedger> {
  const [first, ...others] = observations.map(observed);
  if (first === undefined) {
    throw new RangeError('A contract ledger needs at least one call. Pass the observed calls.');
  }
  const all: Observations = [first, ...others];
  const stated = checkContract(annotations, context.redactor ?? createRedactor());
  const envelope = recordEnvelope([first.facts, ...others.map(({ facts }) => facts)], context.source ?? {});
  const service =
    context.service ?? configuredUsage(ordinaryCalls(all), context.configured ?? {}, stated.shared.environmentName);
  return (redactionCheck) => buildContractLedger(all, service, envelope, stated, redactionCheck);
}

/** Excludes negative checks: they do not show how the service calls. */
function ordinaryCalls(observations: Observations): readonly CallFacts[] {
  const ordinary = observations.filter(({ check }) => check === 'minimum_payload' || check === 'observed_call');
  return ordinary.map(({ facts }) => facts);
}

function observed(given: CallFacts | ContractObservation): ContractObservation {
  return 'facts' in given ? given : { facts: given, check: 'observed_call' };
}

function buildContractLedger(
  observations: Observations,
  service: ServiceUsage,
  envelope: RecordEnvelope,
  stated: CheckedContract,
  redactionCheck: RedactionCheck,
): ContractLedger {
  const redactionChecked = redactionCheck !== 'not_checked';
  const endpoints = [...byRoute(observations).values()].map((ofRoute) => {
    const annotations = stated.endpoints.get(ofRoute[0].facts.routeTemplate) ?? undeclaredEndpoint(stated.shared.docs);
    return ledgerEntry(ofRoute, annotations, stated, redactionChecked);
  });
  const result = worstResult(endpoints);
  return {
    record: 'contract_ledger',
    schema_version: SCHEMA_VERSION,
    run_id: stated.shared.runId,
    recorded_at_utc: latestEnd(observations),
    workflow: {
      business_owner: stated.businessOwner,
      technical_owner: stated.technicalOwner,
      endpoint_families: families(endpoints),
      runtime_environment: stated.shared.environmentName,
      failure_impact: stated.failureImpact,
    },
    endpoints,
    service,
    result_class: result,
    notes: stated.shared.notes,
    evidence: stated.shared.evidence,
    not_inferred: NOT_INFERRED,
    redaction_check: redactionCheck,
    call_ids: envelope.call_ids,
    trace_id: envelope.trace_id,
    span_id: envelope.span_id,
    library: envelope.library,
    environment: {
      upstream: envelope.upstream,
      name: stated.shared.environmentName,
      runtime: envelope.runtime,
      os: envelope.os,
      sdks: envelope.sdks,
      settings: envelope.settings,
    },
    handoff: {
      command_label: stated.shared.commandLabel,
      result,
      changed_files: stated.shared.changedFiles,
      remaining_uncertainty: [...uncertaintyOf(endpoints, envelope, stated), ...uncertaintyOfRedaction(redactionCheck)],
    },
  };
}

/** All timestamps have the same format, so they sort as text. */
function latestEnd(observations: Observations): Identifier<'timestamp'> {
  const ends = observations.map(({ facts }) => facts.endedAt).sort();
  return ends.at(-1) ?? observations[0].facts.endedAt;
}

function byRoute(observations: Observations): ReadonlyMap<string, Observations> {
  const routes = new Map<string, Observations>();
  for (const observation of observations) {
    const { routeTemplate } = observation.facts;
    const known = routes.get(routeTemplate);
    routes.set(routeTemplate, known === undefined ? [observation] : [...known, observation]);
  }
  return routes;
}

function uncertaintyOf(
  endpoints: readonly LedgerEntry[],
  envelope: RecordEnvelope,
  stated: CheckedContract,
): readonly Uncertainty[] {
  const open: readonly (readonly [Uncertainty, boolean])[] = [
    ['simulator_not_cometapi', envelope.upstream === 'simulator'],
    ['upstream_not_cometapi', envelope.upstream === 'other'],
    ['outcome_needs_follow_up', endpoints.some((entry) => entry.result_class === 'needs_follow_up')],
    ['docs_not_checked', endpoints.some((entry) => entry.documentation_source.length === 0)],
    ['environment_not_declared', stated.shared.environmentName === null],
    ['claim_needs_evidence', stated.shared.claimNeedsEvidence],
    ['declared_value_dropped', stated.dropped],
  ];
  return open.filter(([, isOpen]) => isOpen).map(([word]) => word);
}

function families(endpoints: readonly LedgerEntry[]): readonly EndpointFamily[] {
  return [...new Set(endpoints.map((entry) => entry.endpoint_family))];
}

function worstResult(endpoints: readonly LedgerEntry[]): ResultClass {
  const results = endpoints.map((entry) => entry.result_class);
  return results.includes('fail') ? 'fail' : results.includes('needs_follow_up') ? 'needs_follow_up' : 'pass';
}

/** Returns `current` plus the entries of `previous` for endpoints that `current` does not contain. */
export function mergeLedgers(previous: ContractLedger, current: ContractLedger): ContractLedger {
  const checked = new Set(current.endpoints.map((entry) => entry.method_and_path));
  const endpoints = [
    ...previous.endpoints.filter((entry) => !checked.has(entry.method_and_path)),
    ...current.endpoints,
  ];
  const result = worstResult(endpoints);
  return {
    ...current,
    endpoints,
    workflow: { ...current.workflow, endpoint_families: families(endpoints) },
    result_class: result,
    handoff: { ...current.handoff, result },
  };
}
