import type { CallFacts } from '../../facts/call-facts';
import { statusValue, terminalStatusValue } from '../shared/outcome';

/** Describes the observed facts in fixed sentences. They contain numbers and enum values, but no cause. */
export function factSentences(subject: CallFacts, calls: readonly CallFacts[]): readonly string[] {
  const { attempts, settings } = subject;
  const statuses = attempts.map(statusValue);
  const sentences: readonly (string | false)[] = [
    calls.length > 1 && `The window contains ${calls.length} calls: ${endingCounts(calls)}.`,
    calls.length > 1 && `The next facts describe the last ${subject.ending === 'failed' ? 'failed call' : 'call'}.`,
    `${subject.method} ${subject.routeTemplate} ended as ${subject.ending} (${subject.endingReason}).`,
    `The final status is ${terminalStatusValue(subject)} and the error category is ${subject.category}.`,
    statuses.length === 0
      ? 'The client sent no request.'
      : `The client made ${count(statuses.length, 'attempt', 'attempts')}. Status of each attempt: ${statuses.join(', ')}.`,
    settings.maxAttempts > 1
      ? `The settings allowed at most ${settings.maxAttempts} attempts within ${settings.deadlineMs} ms.`
      : 'The settings allowed no retries.',
    subject.serverCode !== undefined && `The server returned the error code ${subject.serverCode}.`,
    subject.retryAfterMs !== undefined && `The server asked the client to wait ${subject.retryAfterMs} ms.`,
    subject.contentKind !== undefined && `The content type of the last response was ${subject.contentKind}.`,
    subject.stream &&
      `The call requested a stream. The client read ${count(subject.eventCount ?? 0, 'data event', 'data events')}.`,
    subject.maybeSentTwice && 'The server may have processed a request that the client then sent again.',
    subject.outerRetryCount > 0 &&
      `The calling SDK reported that it had already retried ${count(subject.outerRetryCount, 'time', 'times')}.`,
    `The call took ${subject.durationMs} ms.`,
  ];
  return sentences.filter((sentence) => sentence !== false);
}

function endingCounts(calls: readonly CallFacts[]): string {
  const counts = new Map<string, number>();
  for (const { ending } of calls) {
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return [...counts].map(([ending, number]) => `${number} ${ending}`).join(', ');
}

function count(number: number, one: string, many: string): string {
  return `${number} ${number === 1 ? one : many}`;
}
