import type { ClientRecords, SafeRecord } from '../../client-records';
import type { CallFacts } from '../../facts/call-facts';
import type { RunCard, RunCardAnnotations } from '../../records/run-card/run-card';
import { MAX_RECORD_BYTES, serialize } from '../../records/shared/serialize';
import type { UsageTrace } from '../../records/usage-trace/usage-trace';
import type { RunLedger } from './run-ledger';

/** The two records of a run. */
export interface RunRecords {
  /** Totals of the run: requests, attempts, endings, tokens, models and the result. */
  readonly runCard: SafeRecord<RunCard>;
  /** One entry for each call of the run. */
  readonly usageTrace: SafeRecord<UsageTrace>;
}

/** The operator's annotations of a run. */
export type RunAnnotationOptions = Omit<RunCardAnnotations, 'runId' | 'agent'>;

/**
 * Creates both records of a run from the same calls.
 *
 * @throws CometAPIError if a record contains an active secret
 */
export function recordsOfRun(
  runId: string,
  ledger: RunLedger,
  records: ClientRecords,
  annotations: RunAnnotationOptions,
): RunRecords | undefined {
  const calls = ledger.callsOf(runId);
  if (calls.length === 0) {
    return undefined;
  }
  const { decision, approvedBy: _approvedBy, ...words } = annotations;
  const stated = { ...words, runId, agent: agentOf(calls) };
  return {
    runCard: records.runCard(calls, { ...stated, decision }),
    usageTrace: records.usageTrace(calls, stated),
  };
}

/** True if a record fits in one line of a record file. Lines have a size limit, because each is one write. */
export function fitsLine(record: object): boolean {
  return Buffer.byteLength(serialize(record)) < MAX_RECORD_BYTES;
}

/** The first agent that a request identifies. */
function agentOf(calls: readonly CallFacts[]): { readonly surface: string; readonly version?: string } | undefined {
  const agent = calls.map((call) => call.agent).find((found) => found !== undefined && found.name !== '_OTHER');
  return agent === undefined
    ? undefined
    : { surface: agent.name, ...(agent.version !== undefined && { version: agent.version }) };
}
