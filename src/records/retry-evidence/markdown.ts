import { markdownTable, markdownText } from '../shared/markdown';
import { bullets, codeOr, factTable, page, pageEnding, pageHeading, spaced } from '../shared/markdown-page';
import type { RetryEvidence } from './retry-evidence';

/** Renders the evidence as a Markdown page, with the record at the end. */
export function renderRetryEvidence(evidence: RetryEvidence): string {
  return page([
    ...pageHeading(`Retry evidence: ${evidence.operator_result}`, evidence.environment.upstream),
    factTable([
      ['Run', evidence.run_id],
      ['Workflow', evidence.workflow],
      ['Environment', evidence.environment.name],
      ['Recorded at (UTC)', evidence.recorded_at_utc],
      ['Endpoint family', evidence.endpoint_family],
      ['Requests sent', evidence.attempt_count],
      ['First attempt status', evidence.first_attempt_status],
      ['Retry status', evidence.retry_status],
      ['Terminal status', evidence.terminal_status],
      ['Error category', evidence.error_category],
      ['Secret redaction checked', evidence.secret_redaction_checked],
      ['Full response stored', evidence.full_response_stored],
      ['Result', `${evidence.operator_result} (${evidence.operator_result_source})`],
    ]),
    ...(evidence.operator_note === null ? [] : [`**Note:** ${markdownText(evidence.operator_note)}`]),
    '## Attempts',
    markdownTable(
      ['Attempt', 'Status', 'Category', 'Decision', 'Reason', 'Wait', 'Request id'],
      evidence.attempts.map((attempt) => [
        String(attempt.index),
        attempt.status,
        attempt.error_class,
        attempt.decision,
        attempt.because,
        attempt.delay_ms === null ? '' : `${Math.round(attempt.delay_ms)} ms (${attempt.delay_origin ?? 'backoff'})`,
        codeOr(attempt.request_id),
      ]),
    ),
    '## Reasons to escalate',
    bullets(evidence.escalate.map(spaced)),
    ...pageEnding({
      record: evidence,
      sources: evidence.sources,
      uncertainty: evidence.handoff.remaining_uncertainty,
      notAsserted: [],
    }),
  ]);
}
