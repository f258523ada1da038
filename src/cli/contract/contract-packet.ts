import { timestampIdentifier } from '../../facts/identifier';
import { processSource } from '../../record-file/process-source';
import type { Drift } from '../../records/contract-ledger/contract-drift';
import type { ContractObservation } from '../../records/contract-ledger/contract-entry';
import { draftIncidentPacket } from '../../records/incident-packet/incident-packet';
import { renderIncidentPacket } from '../../records/incident-packet/markdown';
import type { Invocation } from '../command-action';
import { writePacket } from '../output/packet-files';
import { sealed } from '../output/record-output';
import type { ContractCheckResult } from './check-contract';
import type { ContractFlags } from './contract-flags';

/** One difference to ask CometAPI support about. */
export type Mismatch = Pick<Drift, 'endpoint' | 'check' | 'path'> & { readonly what: string };

/** Writes an incident packet about the checks whose answers differ from the documentation or from the ledger. */
export async function writeContractPacket(
  { observations, redactor, annotations }: ContractCheckResult,
  mismatches: readonly Mismatch[],
  { options, host, output }: Invocation<ContractFlags>,
): Promise<void> {
  const concerned = observations.filter((observation) => mismatches.some((mismatch) => isAbout(mismatch, observation)));
  const recordedAt = timestampIdentifier(host.now());
  const listed = mismatches.slice(0, MAX_TOLD).map(({ check, what, path }) =>
    [check, what, path]
      .filter((word) => word !== null)
      .join(' ')
      .replaceAll('_', ' '),
  );
  const more = mismatches.length > MAX_TOLD ? `; ${mismatches.length - MAX_TOLD} more` : '';
  const [first] = mismatches;
  const draft = draftIncidentPacket(
    (concerned.length === 0 ? observations : concerned).map(({ facts }) => facts),
    {
      incidentId: `contract-${recordedAt.slice(0, 19).replaceAll(/[-:]/g, '').replace('T', '-')}`,
      workflow: `contract check of ${first?.endpoint ?? 'an endpoint'}`,
      symptom: `Documentation, ledger and live behaviour do not agree: ${listed.join('; ')}${more}.`,
      question: `Is the observed response class and shape of ${first?.endpoint ?? 'this endpoint'} the documented one for a ${(first?.check ?? 'minimum_payload').replaceAll('_', ' ')} request?`,
      environmentName: annotations.environmentName,
      docsChecked: annotations.docsChecked ?? annotations.endpoints?.flatMap((endpoint) => endpoint.docsChecked ?? []),
      contractCheck: true,
      commandLabel: annotations.commandLabel,
      ranBy: annotations.ranBy,
      runId: annotations.runId,
    },
    { source: processSource(), redactor, recordedAt },
  );
  const packet = sealed(draft, redactor, renderIncidentPacket);
  const path = typeof options.packet === 'string' ? options.packet : undefined;
  const written = await writePacket(packet, packet.record.incident_id ?? 'contract-packet', path);
  output.note(`Wrote ${written.join(', ')}.`);
}

/** Maximum differences listed in a packet, to keep its question narrow. */
const MAX_TOLD = 5;

function isAbout({ endpoint, check }: Mismatch, { facts, check: made }: ContractObservation): boolean {
  return check === made && endpoint === `${facts.method} ${facts.routeTemplate}`;
}
