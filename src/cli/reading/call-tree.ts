import type { AttemptFacts } from '../../facts/call-facts';
import { FAMILIES } from '../../facts/endpoints';
import type { Ending } from '../../facts/enums';
import type { Redactor } from '../../facts/redaction/redactor';
import { terminalStatusValue } from '../../records/shared/outcome';
import { type RecordedAttempt, recordedAttempt } from '../../records/shared/recorded-attempt';
import type { Colour, Output } from '../output/output';
import type { CallLine } from './call-line';

type Paint = Output['paint'];

const COLOUR_OF: Readonly<Record<Ending, Colour>> = {
  completed: 'green',
  failed: 'red',
  cancelled: 'yellow',
  abandoned: 'yellow',
};

/** One call on one line. */
export function callLine(call: CallLine, paint: Paint, redactor: Redactor): string {
  const { facts } = call.like;
  return [
    call.text('facts.startedAt') ?? '',
    paint(COLOUR_OF[facts.ending], facts.ending.padEnd(9)),
    terminalStatusValue(facts).padEnd(4),
    FAMILIES[facts.family].name.padEnd(9),
    forDisplay(call.text('facts.request.model') ?? '-', redactor),
    ...(facts.category === 'none' ? [] : [paint('red', facts.category)]),
    duration(call.number('facts.durationMs') ?? 0),
    ...(facts.upstream === 'cometapi' ? [] : [paint('yellow', facts.upstream)]),
    paint('dim', forDisplay(call.text('facts.callId') ?? '', redactor)),
  ].join('  ');
}

/** The attempts of a call as branches; none for a call that ended before anything was sent. */
export function attemptTree(facts: readonly AttemptFacts[], paint: Paint, redactor: Redactor): readonly string[] {
  const attempts = facts.map(recordedAttempt);
  return attempts.map((attempt, at) => {
    const branch = at === attempts.length - 1 ? '└─' : '├─';
    return `${paint('dim', branch)} ${attemptLine(attempt, paint, redactor)}`;
  });
}

function attemptLine(attempt: RecordedAttempt, paint: Paint, redactor: Redactor): string {
  const isFailure = attempt.error_class !== 'none';
  return [
    String(attempt.index),
    paint(isFailure ? 'red' : 'green', attempt.status),
    ...(isFailure ? [attempt.error_class] : []),
    duration(attempt.duration_ms),
    `${forDisplay(attempt.decision, redactor).replaceAll('_', ' ')}: ${forDisplay(attempt.because, redactor)}`,
    ...(attempt.delay_ms === null
      ? []
      : [`then ${duration(attempt.delay_ms)} (${forDisplay(attempt.delay_origin ?? 'backoff', redactor)})`]),
    ...(attempt.maybe_sent_twice ? [paint('yellow', 'may have been sent twice')] : []),
    ...(attempt.request_id === null ? [] : [paint('dim', forDisplay(attempt.request_id, redactor))]),
  ].join('  ');
}

/** Anybody may have written to the file: what could be a secret is not repeated. */
export function forDisplay(text: string, redactor: Redactor): string {
  return redactor.looksSensitive(text) ? '[withheld]' : text;
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) {
    return `${Math.round(milliseconds)} ms`;
  }
  return milliseconds < 60_000 ? `${(milliseconds / 1_000).toFixed(1)} s` : `${(milliseconds / 60_000).toFixed(1)} min`;
}
