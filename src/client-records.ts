import type { ActiveSecrets } from './call/active-secrets';
import type { Config } from './config/resolve-config';
import { CometAPIError } from './errors/cometapi-error';
import type { CallFacts } from './facts/call-facts';
import type { RecordStats } from './record-file/record-sink';
import { draftRetryEvidence, type RetryEvidence } from './records/retry-evidence/retry-evidence';
import { draftRunCard, type RunCard, type RunCardAnnotations } from './records/run-card/run-card';
import type { Annotations } from './records/shared/annotations';
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
   * The client's `workflow`, `runId`, `environment` and `docsChecked` are the defaults of `annotations`.
   *
   * @throws CometAPIError if the record contains an active secret. The message names the fields, never their values.
   */
  usageTrace(facts: CallFacts | readonly CallFacts[], annotations?: Annotations): SafeRecord<UsageTrace>;
  /**
   * Builds the retry evidence of one call. Defaults of `annotations` as in {@link usageTrace}.
   *
   * @throws CometAPIError if the record contains an active secret
   */
  retryEvidence(facts: CallFacts, annotations?: Annotations): SafeRecord<RetryEvidence>;
  /**
   * Builds the one-page card of a run. Defaults of `annotations` as in {@link usageTrace}.
   *
   * @throws CometAPIError if the record contains an active secret
   * @throws RangeError if `facts` is empty
   */
  runCard(facts: readonly CallFacts[], annotations?: RunCardAnnotations): SafeRecord<RunCard>;
}

const NO_LINES: RecordStats = { written: 0, dropped: 0, torn: 0, queued: 0, refused: 0 };

export function createClientRecords(
  config: Config,
  secrets: ActiveSecrets,
  source: RecordSource,
  lines: { stats(): RecordStats } | undefined,
): ClientRecords {
  const { workflow, runId, environmentName, docsChecked } = config;
  const withDefaults = <D extends Annotations>(annotations: D): D => ({
    workflow,
    runId,
    environmentName,
    docsChecked,
    ...annotations,
  });
  const context = (): { readonly source: RecordSource; readonly redactor: ActiveSecrets['redactor'] } => ({
    source,
    redactor: secrets.redactor,
  });
  const sealed = <R extends object>(draft: Draft<R>): SafeRecord<R> => {
    const result = sealRecord(draft, secrets.redactor);
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
    usageTrace: (facts, annotations = {}) => sealed(draftUsageTrace(facts, withDefaults(annotations), context())),
    retryEvidence: (facts, annotations = {}) => sealed(draftRetryEvidence(facts, withDefaults(annotations), context())),
    runCard: (facts, annotations = {}) => sealed(draftRunCard(facts, withDefaults(annotations), context())),
  };
}
