import type { Command } from 'commander';
import type { CallRecord } from '../../records/call-record';
import { each, idFlag, nameFlag } from './checked-flag';
import { type TimeWindow, timeWindow } from './time-window';

/** Which calls of a file are meant. Several flags: a call must meet all of them. */
export interface SelectionFlags {
  readonly call?: readonly string[] | undefined;
  readonly run?: string | undefined;
  readonly window?: TimeWindow | undefined;
  /** Calls of more than one attempt. */
  readonly retried?: true | undefined;
  /** The failed call that ended last. */
  readonly lastFailure?: true | undefined;
}

/** Adds `--call`, `--run`, `--window`, `--retried` and `--last-failure`. */
export function addSelectionFlags(command: Command): Command {
  return command
    .option('--call <id>', 'the call with this id (may be repeated)', each(idFlag('--call')))
    .option('--run <id>', 'the calls of this run', nameFlag('--run'))
    .option('--window <from..to>', 'calls under way in this time, UTC', timeWindow('--window'))
    .option('--retried', 'calls that needed more than one attempt')
    .option('--last-failure', 'the failed call that ended last');
}

/** Whether a call meets all flags but `--last-failure`, which only the whole file can tell. */
export function isSelected(record: CallRecord, flags: SelectionFlags): boolean {
  const { facts } = record;
  return (
    (flags.call === undefined || flags.call.includes(facts.callId)) &&
    (flags.run === undefined || record.run_id === flags.run) &&
    (flags.retried === undefined || facts.attempts.length > 1) &&
    (flags.lastFailure === undefined || facts.ending === 'failed') &&
    (flags.window === undefined || isWithin(record, flags.window))
  );
}

function isWithin({ facts }: CallRecord, { fromMs, toMs }: TimeWindow): boolean {
  return Date.parse(facts.startedAt) <= toMs && Date.parse(facts.endedAt) >= fromMs;
}
