import { markdownCode, markdownTable, markdownText } from '../shared/markdown';
import { page, pageEnding, pageHeading, spaced } from '../shared/markdown-page';
import type { RunCard } from './run-card';

/** Renders the card as a Markdown page, with the record at the end. */
export function renderRunCard(card: RunCard): string {
  const id = card.run_id === null ? '' : ` ${markdownText(card.run_id)}`;
  return page([
    ...pageHeading(`Run card${id}`, card.environment.upstream),
    `**Result:** ${card.result_class}${card.failure_class === 'none' ? '' : ` (${card.failure_class})`}`,
    markdownTable(['Field', 'Value'], rows(card)),
    ...(card.assertions.length === 0
      ? []
      : [
          '## Assertions',
          markdownTable(
            ['Assertion', 'Met'],
            card.assertions.map(({ assertion, met }) => [spaced(assertion), spaced(met)]),
          ),
        ]),
    ...pageEnding({
      record: card,
      sources: card.sources,
      uncertainty: card.handoff.remaining_uncertainty,
      notAsserted: card.not_asserted,
    }),
  ]);
}

function rows(card: RunCard): readonly (readonly [string, string])[] {
  const { usage } = card;
  const tokens =
    usage === 'absent'
      ? 'none reported'
      : `input ${usage.input_tokens ?? '?'}, output ${usage.output_tokens ?? '?'}, total ${usage.total_tokens ?? '?'}`;
  return [
    ['Time (UTC)', `${card.started_at} to ${card.ended_at}`],
    ['Environment', card.environment.name === null ? 'not stated' : markdownText(card.environment.name)],
    ['Upstream', card.environment.upstream],
    ['Calls', `${card.request_count} (requests sent: ${card.attempt_count})`],
    ['Endings', counts(card.endings)],
    ['Status classes', counts(card.status_classes)],
    ['Tokens as reported', tokens],
    ['Requested models', card.request_models.map((model) => markdownCode(model)).join(', ') || 'none'],
    ['Endpoint families', card.endpoint_families.join(', ')],
    ['Retries', card.retry_settings.map(retries).join(', then ')],
    ['Documentation checked', card.docs_checked],
    ['Leak check', card.leak_check.replace('_', ' ')],
    ['Approved by', card.approved_by === null ? 'not stated' : markdownText(card.approved_by)],
    ['Decision', card.decision === null ? 'none stated' : markdownText(card.decision)],
    ['Reasons for follow-up', card.reasons.map(spaced).join(', ') || 'none'],
    ['Note', card.notes === null ? 'none' : markdownText(card.notes)],
  ];
}

function retries({ max_attempts: attempts, retry, calls }: RunCard['retry_settings'][number]): string {
  return attempts === 1 ? `off (calls: ${calls})` : `at most ${attempts} attempts, ${retry} (calls: ${calls})`;
}

function counts(counted: Readonly<Record<string, number>>): string {
  const found = Object.entries(counted).filter(([, number]) => number > 0);
  return found.map(([word, number]) => `${number} ${word}`).join(', ') || 'none';
}
