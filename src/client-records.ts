import type { LiveSecrets } from './call/live-secrets';
import type { Config } from './config/resolve-config';
import { CometAPIError } from './errors/cometapi-error';
import type { CallFacts } from './facts/call-facts';
import type { Declared } from './records/declared';
import type { RecordSource } from './records/record-source';
import { draftRetryEvidence, type RetryEvidence } from './records/retry-evidence';
import { type DeclaredRunCard, draftRunCard, type RunCard } from './records/run-card';
import { type Draft, type SealedRecord, sealRecord } from './records/seal-record';
import { draftUsageTrace, type UsageTrace } from './records/usage-trace';
import type { RecordStats } from './sinks/record-sink';

/** A record whose very bytes were scanned for the client's live secrets. */
export type SafeRecord<R extends object> = Omit<Extract<SealedRecord<R>, { readonly sealed: true }>, 'sealed'>;

/** The records of a client: what became of its lines, and records made of facts with the client's own words and secrets. */
export interface ClientRecords {
  /** What became of the lines of the record file. */
  stats(): RecordStats;
  /**
   * The usage trace of one call or of a run, with workflow, run, environment and documentation of the client's options.
   *
   * @throws CometAPIError naming the fields, never what they held, when a live secret was found in its bytes
   */
  usageTrace(facts: CallFacts | readonly CallFacts[], declared?: Declared): SafeRecord<UsageTrace>;
  /** The retry evidence of one call; throws as {@link usageTrace} does. */
  retryEvidence(facts: CallFacts, declared?: Declared): SafeRecord<RetryEvidence>;
  /** The card of a run on one page; throws as {@link usageTrace} does, and a RangeError without a call to report on. */
  runCard(facts: readonly CallFacts[], declared?: DeclaredRunCard): SafeRecord<RunCard>;
}

const NO_LINES: RecordStats = { written: 0, dropped: 0, torn: 0, queued: 0, refused: 0 };

export function createClientRecords(
  config: Config,
  secrets: LiveSecrets,
  source: RecordSource,
  lines: { stats(): RecordStats } | undefined,
): ClientRecords {
  const { workflow, runId, environmentName, docsChecked } = config;
  const withDefaults = <D extends Declared>(declared: D): D => ({
    workflow,
    runId,
    environmentName,
    docsChecked,
    ...declared,
  });
  const context = (): { readonly source: RecordSource; readonly guard: LiveSecrets['guard'] } => ({
    source,
    guard: secrets.guard,
  });
  const sealed = <R extends object>(draft: Draft<R>): SafeRecord<R> => {
    const result = sealRecord(draft, secrets.guard);
    if (!result.sealed) {
      throw new CometAPIError(
        `The record holds a live secret in ${result.leakingFields.join(', ')}: take it out of what was declared.`,
      );
    }
    const { record, json, yaml } = result;
    return { record, json, yaml };
  };

  return {
    stats: () => lines?.stats() ?? NO_LINES,
    usageTrace: (facts, declared = {}) => sealed(draftUsageTrace(facts, withDefaults(declared), context())),
    retryEvidence: (facts, declared = {}) => sealed(draftRetryEvidence(facts, withDefaults(declared), context())),
    runCard: (facts, declared = {}) => sealed(draftRunCard(facts, withDefaults(declared), context())),
  };
}
