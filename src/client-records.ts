import type { LiveSecrets } from './call/active-secrets';
import type { Config } from './config/resolve-config';
import { CometAPIError } from './errors/cometapi-error';
import type { CallFacts } from './facts/call-facts';
import type { RecordStats } from './record-file/record-sink';
import { draftRetryEvidence, type RetryEvidence } from './records/retry-evidence/retry-evidence';
import { type DeclaredRunCard, draftRunCard, type RunCard } from './records/run-card/run-card';
import type { Declared } from './records/shared/annotations';
import type { RecordSource } from './records/shared/record-source';
import { type Draft, type SealedRecord, sealRecord } from './records/shared/seal-record';
import { draftUsageTrace, type UsageTrace } from './records/usage-trace/usage-trace';

/** A record and its JSON and YAML text. The text was scanned for the client's active secrets. */
export type SafeRecord<R extends object> = Omit<Extract<SealedRecord<R>, { readonly sealed: true }>, 'sealed'>;

/** Builds records from facts with the annotations of one client, and counts the lines of its record file. */
export interface ClientRecords {
  /** Counts the lines of the record file that were written, dropped, torn or withheld. */
  stats(): RecordStats;
  /**
   * Builds the usage trace of one call or of a run.
   *
   * The client's `workflow`, `runId`, `environment` and `docsChecked` are the defaults of `declared`.
   *
   * @throws CometAPIError if the record contains an active secret. The message names the fields, never their values.
   */
  usageTrace(facts: CallFacts | readonly CallFacts[], declared?: Declared): SafeRecord<UsageTrace>;
  /**
   * Builds the retry evidence of one call. Defaults of `declared` as in {@link usageTrace}.
   *
   * @throws CometAPIError if the record contains an active secret
   */
  retryEvidence(facts: CallFacts, declared?: Declared): SafeRecord<RetryEvidence>;
  /**
   * Builds the one-page card of a run. Defaults of `declared` as in {@link usageTrace}.
   *
   * @throws CometAPIError if the record contains an active secret
   * @throws RangeError if `facts` is empty
   */
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
        `No record was created: it would contain an active secret (${result.leakingFields.join(', ')}). ` +
          'Remove the secret from the values you passed.',
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
