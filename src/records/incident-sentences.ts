import type { CallFacts } from '../facts/call-facts';
import { statusWord, terminalStatusWord } from './outcome';

/** What was observed, in sentences of ours: numbers and closed words, and no cause. */
export function factSentences(subject: CallFacts, calls: readonly CallFacts[]): readonly string[] {
  const { attempts, settings } = subject;
  const statuses = attempts.map(statusWord);
  const sentences: readonly (string | false)[] = [
    calls.length > 1 && `${calls.length} calls are in the window: ${endingCounts(calls)}.`,
    `${subject.method} ${subject.routeTemplate} ended ${subject.ending} (${subject.endingReason}); terminal status ${terminalStatusWord(subject)}, category ${subject.category}.`,
    `${count(attempts.length, 'request was', 'requests were')} sent: ${statuses.join(', ') || 'none'}.`,
    settings.maxAttempts > 1
      ? `Retries were bounded to ${settings.maxAttempts} attempts and ${settings.deadlineMs} ms.`
      : 'Retries were disabled.',
    subject.serverCode !== undefined && `The gateway named the code ${subject.serverCode}.`,
    subject.retryAfterMs !== undefined && `The gateway asked to wait ${subject.retryAfterMs} ms.`,
    subject.contentKind !== undefined && `The last response declared its content as ${subject.contentKind}.`,
    subject.stream &&
      `A stream was asked for; ${count(subject.eventCount ?? 0, 'data event was', 'data events were')} read.`,
    subject.maybeSentTwice && 'A request may have been processed although another one was sent.',
    subject.outerRetryCount > 0 &&
      `An outer client reported ${count(subject.outerRetryCount, 'retry', 'retries')} of its own.`,
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
