import { randomBytes } from 'node:crypto';

/** Requests without a run or conversation id that are closer together than this form one run. */
const IDLE_GAP_MS = 10 * 60_000;

/** Returns the run id of a request. */
export type RunScope = (conversationId: string | undefined) => string;

/** Uses the configured run id, else the conversation id, else one run until requests pause for ten minutes. */
export function createRunScope(runId: string | undefined, wallMs: () => number): RunScope {
  let gapRun: { readonly id: string; lastAtMs: number } | undefined;
  return (conversationId) => {
    if (runId !== undefined || conversationId !== undefined) {
      return runId ?? conversationId ?? '';
    }
    const nowMs = wallMs();
    if (gapRun === undefined || nowMs - gapRun.lastAtMs > IDLE_GAP_MS) {
      gapRun = { id: newRunId(nowMs), lastAtMs: nowMs };
    }
    gapRun.lastAtMs = nowMs;
    return gapRun.id;
  };
}

/** `agent-run-YYYYMMDD-HHMM-xxxx`, in UTC. */
export function newRunId(nowMs: number): string {
  const [day = '', time = ''] = new Date(nowMs).toISOString().split('T');
  return `agent-run-${day.replaceAll('-', '')}-${time.slice(0, 5).replace(':', '')}-${randomBytes(2).toString('hex')}`;
}
