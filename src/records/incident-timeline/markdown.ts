import { markdownTable, markdownText } from '../shared/markdown';
import { codeOr, factTable, page, pageEnding, pageHeading } from '../shared/markdown-page';
import type { IncidentTimeline } from './incident-timeline';
import type { TimelineEvent } from './timeline-events';

/** Renders the timeline as a Markdown page, with the record at the end. */
export function renderIncidentTimeline(timeline: IncidentTimeline): string {
  return page([
    ...pageHeading('Incident timeline', timeline.environment.upstream),
    factTable([
      ['Incident', timeline.incident_id],
      ['Workflow', timeline.workflow],
      ['Run', timeline.run_id],
      ['Environment', timeline.environment.name],
      ['Window (UTC)', timeline.window_utc.replace('/', ' to ')],
      ['Calls', `${timeline.call_count}, of which ${timeline.failed_call_count} failed`],
      ['Requests sent', `${timeline.attempt_count}, of which ${timeline.retry_count} were retries`],
      ['Possible duplicate requests', timeline.maybe_sent_twice_count],
      ['Fallback decision', timeline.fallback_decision === 'not_stated' ? null : timeline.fallback_decision],
    ]),
    ...(timeline.notes === null ? [] : [`**Note:** ${markdownText(timeline.notes)}`]),
    '## Events',
    markdownTable(
      ['Time (UTC)', 'Offset', 'Call', 'Event', 'Request id'],
      timeline.events.map((event) => [
        event.at,
        `${Math.round(event.offset_ms)} ms`,
        codeOr(event.call_id.slice(-12)),
        describeEvent(event),
        codeOr(event.request_id),
      ]),
    ),
    ...pageEnding({
      record: timeline,
      sources: timeline.sources,
      uncertainty: timeline.handoff.remaining_uncertainty,
      notAsserted: timeline.not_asserted,
    }),
  ]);
}

/** Describes one event with enum values and numbers. */
export function describeEvent(event: TimelineEvent): string {
  switch (event.event) {
    case 'call_started':
      return 'call started';
    case 'attempt_sent':
      return `attempt ${event.attempt} sent`;
    case 'first_data_event':
      return `first data event of attempt ${event.attempt}`;
    case 'attempt_ended': {
      const wait = event.delay_ms === null ? '' : `, wait ${Math.round(event.delay_ms)} ms (${event.delay_origin})`;
      const twice = event.maybe_sent_twice === true ? ', possible duplicate request' : '';
      return `attempt ${event.attempt}: ${event.status} (${event.error_category}), ${event.decision}: ${event.because}${wait}${twice}`;
    }
    case 'call_ended':
      return `call ${event.ending}: ${event.ending_reason}, ${event.status} (${event.error_category})`;
  }
}
