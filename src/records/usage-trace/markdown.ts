import { markdownTable, markdownText } from '../shared/markdown';
import { codeOr, factTable, page, pageEnding, pageHeading } from '../shared/markdown-page';
import type { ReportedUsage } from './traced-call';
import type { UsageTrace } from './usage-trace';

/** Renders the trace as a Markdown page, with the record at the end. */
export function renderUsageTrace(trace: UsageTrace): string {
  return page([
    ...pageHeading(`Usage trace: ${trace.result_class}`, trace.environment.upstream),
    factTable([
      ['Run', trace.run_id],
      ['Workflow', trace.workflow],
      ['Environment', trace.environment.name],
      ['Checked at (UTC)', trace.checked_at],
      ['Request family', trace.request_family],
      ['Result', trace.result_class],
      ['Failure', trace.failure_class],
      ['Credential redacted', trace.credential_redacted],
      ['Calls', trace.calls.length],
      ['Requests sent', trace.attempt_count],
      ['Tokens as reported', tokens(trace.usage)],
    ]),
    ...(trace.notes === null ? [] : [`**Note:** ${markdownText(trace.notes)}`]),
    '## Calls',
    markdownTable(
      ['Started (UTC)', 'Family', 'Model', 'Status', 'Requests', 'Result', 'Request id', 'Tokens as reported'],
      trace.calls.map((call) => [
        call.started_at,
        call.request_family,
        codeOr(call.request_model),
        call.status,
        String(call.attempts),
        call.failure_class === 'none' ? call.result_class : `${call.result_class} (${call.failure_class})`,
        codeOr(call.request_id),
        tokens(call.usage),
      ]),
    ),
    ...pageEnding({
      record: trace,
      sources: trace.sources,
      uncertainty: trace.handoff.remaining_uncertainty,
      notAsserted: trace.not_asserted,
    }),
  ]);
}

function tokens(usage: ReportedUsage | 'absent'): string {
  if (usage === 'absent') {
    return 'none reported';
  }
  const count = (tokensOrNone: number | null): string => String(tokensOrNone ?? '?');
  return `input ${count(usage.input_tokens)}, output ${count(usage.output_tokens)}`;
}
