import type { AttemptFacts } from '../../facts/call-facts';
import { FAMILIES } from '../../facts/endpoints';
import type { Ending } from '../../facts/enums';
import type { Redactor } from '../../facts/redaction/redactor';
import type { CallRecord } from '../../records/call-line/call-record';
import { terminalStatusValue } from '../../records/shared/outcome';
import { type RecordedAttempt, recordedAttempt } from '../../records/shared/recorded-attempt';
import type { Colour, Output } from '../output/output';

type Paint = Output['paint'];

const COLOUR_OF: Readonly<Record<Ending, Colour>> = {
  completed: 'green',
  failed: 'red',
  cancelled: 'yellow',
  abandoned: 'yellow',
};

/** Identifiers, model names and enum values. */
const IDENTIFIER = /^[A-Za-z0-9_][A-Za-z0-9._:/@+-]{0,127}$/;

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/** Formats a call as one line. */
export function callLine({ facts }: CallRecord, paint: Paint, redactor: Redactor): string {
  const { ending, category, upstream } = facts;
  const model = facts.request.model === undefined ? '-' : forDisplay(facts.request.model, redactor);
  return (
    `${facts.startedAt}  ${paint(COLOUR_OF[ending], ending.padEnd(9))}  ${terminalStatusValue(facts).padEnd(4)}  ` +
    `${FAMILIES[facts.family].name.padEnd(9)}  ${model}  ` +
    (category === 'none' ? '' : `${paint('red', category)}  `) +
    `${duration(facts.durationMs)}  ` +
    (upstream === 'cometapi' ? '' : `${paint('yellow', upstream)}  `) +
    paint('dim', forDisplay(facts.callId, redactor))
  );
}

/** Formats the attempts of a call as branches of a tree. A call that ended before it sent a request has none. */
export function attemptTree(attempts: readonly AttemptFacts[], paint: Paint, redactor: Redactor): readonly string[] {
  return attempts.map((attempt, at) => {
    const branch = at === attempts.length - 1 ? '└─' : '├─';
    return `${paint('dim', branch)} ${attemptLine(recordedAttempt(attempt), paint, redactor)}`;
  });
}

function attemptLine(attempt: RecordedAttempt, paint: Paint, redactor: Redactor): string {
  const isFailure = attempt.error_class !== 'none';
  const { delay_ms: delayMs, request_id: requestId } = attempt;
  return (
    `${attempt.index}  ${paint(isFailure ? 'red' : 'green', attempt.status)}  ` +
    (isFailure ? `${attempt.error_class}  ` : '') +
    `${duration(attempt.duration_ms)}  ` +
    `${forDisplay(attempt.decision, redactor).replaceAll('_', ' ')}: ${forDisplay(attempt.because, redactor)}` +
    (delayMs === null
      ? ''
      : `  then ${duration(delayMs)} (${forDisplay(attempt.delay_origin ?? 'backoff', redactor)})`) +
    (attempt.maybe_sent_twice ? `  ${paint('yellow', 'may have been sent twice')}` : '') +
    (requestId === null ? '' : `  ${paint('dim', forDisplay(requestId, redactor))}`)
  );
}

/**
 * Returns `[withheld]` for a text that is not an identifier or may be a secret, because any process may write to a record
 * file.
 */
export function forDisplay(text: string, redactor: Redactor): string {
  // A UUID has the shape of no secret, and every call has a new one.
  const isSafe = UUID.test(text)
    ? !redactor.containsSecret(text)
    : IDENTIFIER.test(text) && !redactor.looksSensitive(text);
  return isSafe ? text : '[withheld]';
}

export function duration(milliseconds: number): string {
  if (milliseconds < 1_000) {
    return `${Math.round(milliseconds)} ms`;
  }
  return milliseconds < 60_000 ? `${oneDecimal(milliseconds / 1_000)} s` : `${oneDecimal(milliseconds / 60_000)} min`;
}

/** One decimal, rounded. `toFixed(1)` takes eight times as long, 2 % of the time to list a call. */
function oneDecimal(value: number): string {
  const tenths = Math.round(value * 10);
  return `${Math.floor(tenths / 10)}.${tenths % 10}`;
}
