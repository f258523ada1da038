import type { Command } from 'commander';
import type { CallFacts } from '../../facts/call-facts';
import { FAMILIES, REQUEST_FAMILIES, type RequestFamily } from '../../facts/endpoints';
import { ENDINGS, type Ending, type ErrorCategory } from '../../facts/enums';
import type { CallRecord } from '../../records/call-line/call-record';
import { OUTCOME_OF_FAILURE } from '../../records/shared/enums';
import { each, idFlag, oneOf, runFlag } from './checked-flag';
import { type TimeWindow, timeWindow } from './time-window';

/** The flags that select calls. A call must match all of them. */
export interface SelectionFlags {
  readonly call?: readonly string[] | undefined;
  readonly run?: string | undefined;
  readonly window?: TimeWindow | undefined;
  /** Calls with more than one attempt. */
  readonly retried?: true | undefined;
  /** The failed call that ended last. */
  readonly lastFailure?: true | undefined;
  readonly ending?: Ending | undefined;
  readonly category?: ErrorCategory | undefined;
  readonly family?: RequestFamily | undefined;
}

// By its type, this object has every category as a key and no other key.
const CATEGORIES = Object.keys(OUTCOME_OF_FAILURE) as readonly ErrorCategory[];

/** Adds `--call`, `--run`, `--window`, `--retried` and `--last-failure`. */
export function addSelectionFlags(command: Command): Command {
  return addChoiceFlags(command).option('--last-failure', 'the failed call that ended last');
}

/** Adds the flags that need only the call itself, not the other calls of the file. */
export function addFilterFlags(command: Command): Command {
  return addChoiceFlags(command)
    .option('--ending <ending>', `calls with this ending: ${ENDINGS.join(', ')}`, oneOf('--ending', ENDINGS))
    .option(
      '--category <category>',
      'calls with this error category, for example rate_limited',
      oneOf('--category', CATEGORIES),
    )
    .option(
      '--family <family>',
      `calls to this API: ${REQUEST_FAMILIES.join(', ')}`,
      oneOf('--family', REQUEST_FAMILIES),
    );
}

function addChoiceFlags(command: Command): Command {
  return command
    .option('--call <id>', 'the call with this id (may be repeated)', each(idFlag('--call')))
    .option('--run <id>', 'calls of this run', runFlag('--run'))
    .option('--window <from..to>', 'calls in progress in this time window (UTC)', timeWindow('--window'))
    .option('--retried', 'calls with more than one attempt');
}

/** True if a call matches all flags except `--last-failure`, which needs the other calls of the file. */
export function isSelected({ run_id: runId, facts }: CallRecord, flags: SelectionFlags): boolean {
  return (
    (flags.call === undefined || flags.call.includes(facts.callId)) &&
    (flags.run === undefined || runId === flags.run) &&
    (flags.retried === undefined || facts.attempts.length > 1) &&
    (flags.lastFailure === undefined || facts.ending === 'failed') &&
    (flags.ending === undefined || facts.ending === flags.ending) &&
    (flags.category === undefined || facts.category === flags.category) &&
    (flags.family === undefined || FAMILIES[facts.family].name === flags.family) &&
    (flags.window === undefined || isWithin(facts, flags.window))
  );
}

function isWithin({ startedAt, endedAt }: CallFacts, { fromMs, toMs }: TimeWindow): boolean {
  return Date.parse(startedAt) <= toMs && Date.parse(endedAt) >= fromMs;
}
