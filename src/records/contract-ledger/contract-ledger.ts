import type { CallFacts } from '../../facts/call-facts';
import type { EndpointFamily } from '../../facts/endpoints';
import type { Label } from '../../facts/identifier';
import { createSecretGuard } from '../../facts/redaction/redactor';
import type { CheckedDeclared, DeclaredText } from '../shared/annotations';
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
import { type CheckedContract, checkContract, type DeclaredContract, undeclaredEndpoint } from './contract-annotations';
import { type ContractObservation, type LedgerEntry, ledgerEntry } from './contract-entry';
import { NOT_INFERRED, type NotInferred } from './contract-enums';
import { type ConfiguredSettings, configuredUsage, type ServiceUsage } from './service-usage';

/** The endpoints that a service depends on, and how each one was verified. See docs/contract-ledger.md. */
export interface ContractLedger {
  readonly record: 'contract_ledger';
  readonly schema_version: typeof SCHEMA_VERSION;
  /** Operator annotation. */
  readonly run_id: Label<'name'> | null;
  /** End of the last check. */
  readonly recorded_at_utc: Label<'timestamp'>;
  readonly workflow: ContractWorkflow;
  readonly endpoints: readonly LedgerEntry[];
  /** How the service calls. A later comparison uses this as its baseline. */
  readonly service: ServiceUsage;
  /** The worst result of all endpoints. */
  readonly result_class: ResultClass;
  readonly notes: DeclaredText | null;
  readonly evidence: CheckedDeclared['evidence'];
  readonly not_inferred: readonly NotInferred[];
  readonly redaction_check: RedactionCheck;
  readonly call_ids: readonly Label<'id'>[];
  readonly trace_id: Label<'id'> | null;
  readonly span_id: Label<'id'> | null;
  readonly library: LibraryVersion;
  readonly environment: RecordEnvironment & { readonly settings: RecordedSettings };
  readonly handoff: Handoff<ResultClass, Uncertainty>;
}

export interface ContractWorkflow {
  /** Operator annotation. */
  readonly business_owner: DeclaredText | null;
  /** Operator annotation. */
  readonly technical_owner: DeclaredText | null;
  readonly endpoint_families: readonly EndpointFamily[];
  /** Operator annotation. */
  readonly runtime_environment: Label<'name'> | null;
  /** Operator annotation. */
  readonly failure_impact: DeclaredText | null;
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
  declared: DeclaredContract = {},
  context: ContractContext = {},
): ContractLedger {
  return draftContractLedger(observations, declared, context)('not_checked');
}

type Observations = readonly [ContractObservation, ...ContractObservation[]];

/** Builds the draft of a ledger. `sealRecord` scans the draft and sets `redaction_check`. */
export function draftContractLedger(
  observations: readonly (CallFacts | ContractObservation)[],
  declared: DeclaredContract = {},
  context: ContractContext = {},
): Draft<ContractLedger> {
  const [first, ...others] = observations.map(observed);
  if (first === undefined) {
    throw new RangeError('A contract ledger needs at least one call. Pass the observed calls.');
  }
  const all: Observations = [first, ...others];
  const said = checkContract(declared, context.guard ?? createSecretGuard());
  const envelope = recordEnvelope([first.facts, ...others.map(({ facts }) => facts)], context.source ?? {});
  const service =
    context.service ?? configuredUsage(ordinaryCalls(all), context.configured ?? {}, said.shared.environmentName);
  return (redactionCheck) => compose(all, service, envelope, said, redactionCheck);
}

/** Excludes negative checks: they do not show how the service calls. */
function ordinaryCalls(observations: Observations): readonly CallFacts[] {
  const ordinary = observations.filter(({ check }) => check === 'minimum_payload' || check === 'observed_call');
  return ordinary.map(({ facts }) => facts);
}

function observed(given: CallFacts | ContractObservation): ContractObservation {
  return 'facts' in given ? given : { facts: given, check: 'observed_call' };
}

function compose(
  observations: Observations,
  service: ServiceUsage,
  envelope: RecordEnvelope,
  said: CheckedContract,
  redactionCheck: RedactionCheck,
): ContractLedger {
  const redactionChecked = redactionCheck !== 'not_checked';
  const endpoints = [...byRoute(observations).values()].map((ofRoute) => {
    const declared = said.endpoints.get(ofRoute[0].facts.routeTemplate) ?? undeclaredEndpoint(said.shared.docs);
    return ledgerEntry(ofRoute, declared, said, redactionChecked);
  });
  const result = worstResult(endpoints);
  return {
    record: 'contract_ledger',
    schema_version: SCHEMA_VERSION,
    run_id: said.shared.runId,
    recorded_at_utc: latestEnd(observations),
    workflow: {
      business_owner: said.businessOwner,
      technical_owner: said.technicalOwner,
      endpoint_families: families(endpoints),
      runtime_environment: said.shared.environmentName,
      failure_impact: said.failureImpact,
    },
    endpoints,
    service,
    result_class: result,
    notes: said.shared.notes,
    evidence: said.shared.evidence,
    not_inferred: NOT_INFERRED,
    redaction_check: redactionCheck,
    call_ids: envelope.call_ids,
    trace_id: envelope.trace_id,
    span_id: envelope.span_id,
    library: envelope.library,
    environment: {
      upstream: envelope.upstream,
      name: said.shared.environmentName,
      runtime: envelope.runtime,
      os: envelope.os,
      sdks: envelope.sdks,
      settings: envelope.settings,
    },
    handoff: {
      command_label: said.shared.commandLabel,
      result,
      changed_files: said.shared.changedFiles,
      remaining_uncertainty: [...uncertaintyOf(endpoints, envelope, said), ...uncertaintyOfRedaction(redactionCheck)],
    },
  };
}

/** All timestamps have the same format, so they sort as text. */
function latestEnd(observations: Observations): Label<'timestamp'> {
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
  said: CheckedContract,
): readonly Uncertainty[] {
  const open: readonly (readonly [Uncertainty, boolean])[] = [
    ['simulator_not_cometapi', envelope.upstream === 'simulator'],
    ['upstream_not_cometapi', envelope.upstream === 'other'],
    ['outcome_needs_follow_up', endpoints.some((entry) => entry.result_class === 'needs_follow_up')],
    ['docs_not_checked', endpoints.some((entry) => entry.documentation_source.length === 0)],
    ['environment_not_declared', said.shared.environmentName === null],
    ['claim_needs_evidence', said.shared.claimNeedsEvidence],
    ['declared_value_dropped', said.dropped],
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
