import type { CallFacts } from '../../facts/call-facts';

/** The facts of a call take about 2 KB. Above this number, the oldest runs are dropped. Their record lines remain. */
const MAX_CALLS = 10_000;

/** The calls of each run, in memory. */
export interface RunLedger {
  add(runId: string, facts: CallFacts): void;
  /** Run ids, in the order of their first call. */
  readonly runIds: readonly string[];
  callsOf(runId: string): readonly CallFacts[];
}

export function createRunLedger(maxCalls: number = MAX_CALLS): RunLedger {
  const runs = new Map<string, CallFacts[]>();
  let held = 0;
  return {
    add(runId, facts) {
      const calls = runs.get(runId) ?? [];
      runs.set(runId, calls);
      calls.push(facts);
      held++;
      while (held > maxCalls) {
        held -= forgetOldest(runs, runId);
      }
    },
    get runIds() {
      return [...runs.keys()];
    },
    callsOf: (runId) => runs.get(runId) ?? [],
  };
}

/** @returns the number of dropped calls */
function forgetOldest(runs: Map<string, CallFacts[]>, current: string): number {
  const oldest = [...runs.keys()].find((runId) => runId !== current);
  if (oldest === undefined) {
    runs.get(current)?.shift();
    return 1;
  }
  const count = runs.get(oldest)?.length ?? 0;
  runs.delete(oldest);
  return count;
}
