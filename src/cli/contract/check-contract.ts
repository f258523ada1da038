import type { Redactor } from '../../facts/redaction/redactor';
import { processSource } from '../../record-file/process-source';
import type { ContractAnnotations } from '../../records/contract-ledger/contract-annotations';
import type { ContractObservation } from '../../records/contract-ledger/contract-entry';
import { type ContractLedger, draftContractLedger } from '../../records/contract-ledger/contract-ledger';
import { renderContractLedger } from '../../records/contract-ledger/markdown';
import { curlOf, routeOfFamily } from '../../records/shared/minimal-request';
import { checkFailure } from '../checks/check-failure';
import { openCheckSession } from '../checks/check-session';
import { openCheckTarget } from '../checks/check-target';
import type { Invocation } from '../command-action';
import { annotationsOf } from '../flags/annotation-flags';
import { type RenderedRecord, sealed } from '../output/record-output';
import { redactorFromEnvironment } from '../reading/secrets-from-environment';
import { type ContractFlags, contractPlan } from './contract-flags';
import { readDeclaredFile } from './declared-file';
import { type LedgerPaths, ledgerPaths } from './ledger-files';
import { readServiceUsage } from './read-service-usage';
import { type ContractPlan, contractRequestId, requestCount, runContract } from './run-contract';

/** The result of a contract check. */
export interface ContractCheckResult {
  readonly paths: LedgerPaths;
  readonly ledger: RenderedRecord<ContractLedger>;
  readonly observations: readonly ContractObservation[];
  /** Recognizes the key and the canaries of the run. */
  readonly redactor: Redactor;
  readonly annotations: ContractAnnotations;
}

/**
 * Runs the checks and builds the ledger. Writes no file.
 *
 * @param committed an earlier ledger; its documentation pages are used if none are declared now
 * @throws CliError, also for a leak
 */
export async function checkContractLive(
  invocation: Invocation<ContractFlags>,
  committed?: ContractLedger,
): Promise<ContractCheckResult> {
  const { options, host, output } = invocation;
  const paths = ledgerPaths(options.ledger);
  const ownRedactor = redactorFromEnvironment(host.environment);
  const annotations = withPagesOf(committed, await declaredContract(invocation, ownRedactor, paths));
  const plan = {
    ...contractPlan(options, annotations, committed),
    date: new Date(host.now()).toISOString().slice(0, 10),
  };
  const service =
    options.from === undefined
      ? undefined
      : readServiceUsage(options.from, ownRedactor, (remark) => output.note(remark));
  const target = await openCheckTarget(options.simulate === true, host);
  try {
    const session = await openCheckSession(target, { runId: options.runId, environment: plan.environmentName });
    try {
      reportPlan({ ...plan, oversize: options.oversize }, target.isSimulated, invocation);
      const observations = await runContract({ ...plan, oversize: options.oversize }, session, (step) =>
        output.note(step),
      );
      const said = { ...annotations, environmentName: plan.environmentName };
      const context = { source: processSource(), redactor: session.redactor, service, configured: session.configured };
      const ledger = sealed(draftContractLedger(observations, said, context), session.redactor, renderContractLedger);
      return { paths, ledger, observations, redactor: session.redactor, annotations: said };
    } finally {
      await session.close();
    }
  } catch (error) {
    throw checkFailure(error);
  } finally {
    await target.close();
  }
}

/** The declared file, with the values of flags added. Flags win. */
async function declaredContract(
  { options, host }: Invocation<ContractFlags>,
  redactor: Redactor,
  paths: LedgerPaths,
): Promise<ContractAnnotations> {
  const file = await readDeclaredFile(paths.annotations, redactor);
  const { docs, note, evidence, command, environment, runId } = options;
  const said = annotationsOf({ docs, note, evidence, command, environment, runId }, host, redactor);
  return {
    ...file,
    ...(options.initials !== undefined && { operatorInitials: options.initials }),
    docsChecked: said.docsChecked,
    notes: said.notes,
    evidence: said.evidence,
    commandLabel: said.commandLabel,
    ranBy: said.ranBy,
    runId: said.runId,
    environmentName: said.environmentName ?? file.environmentName,
  };
}

function withPagesOf(committed: ContractLedger | undefined, annotations: ContractAnnotations): ContractAnnotations {
  if (committed === undefined || (annotations.docsChecked ?? []).length > 0) {
    return annotations;
  }
  const endpoints = new Map((annotations.endpoints ?? []).map((endpoint) => [endpoint.route, endpoint]));
  for (const { method_and_path: path, documentation_source: pages } of committed.endpoints) {
    const route = path.split(' ')[1] ?? '';
    const known = endpoints.get(route);
    if ((known?.docsChecked ?? []).length === 0 && pages.length > 0) {
      const docsChecked = pages.map(({ url, accessed_on: accessedOn }) => ({ url, accessedOn }));
      endpoints.set(route, { route, ...known, docsChecked });
    }
  }
  return { ...annotations, endpoints: [...endpoints.values()] };
}

function reportPlan(plan: ContractPlan, isSimulated: boolean, { output }: Invocation<ContractFlags>): void {
  const billed = isSimulated ? '' : '. Accepted requests are billed';
  output.note(
    `Sending up to ${requestCount(plan)} requests, each once (retries are off), to ${plan.families.map((family) => routeOfFamily(family)).join(' and ')}${billed}. The first request:`,
  );
  const [family] = plan.families;
  if (family !== undefined) {
    // Prints a variable instead of the key, which must not appear in output.
    output.note(curlOf(family, '$' + '{COMETAPI_API_KEY}', contractRequestId(plan.date, 1)));
  }
}
