import type { Command } from 'commander';
import { FAMILIES, REQUEST_FAMILIES, type RequestFamily } from '../../facts/endpoints';
import type { Ending, ErrorCategory } from '../../facts/enums';
import { OUTCOME_OF_FAILURE } from '../../records/shared/enums';
import type { CallLine } from '../reading/call-line';
import { each, idFlag, oneOf, runFlag } from './checked-flag';
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
  readonly ending?: Ending | undefined;
  readonly category?: ErrorCategory | undefined;
  readonly family?: RequestFamily | undefined;
}

const ENDINGS = ['completed', 'failed', 'cancelled', 'abandoned'] as const;
// Its keys are the categories, by its type.
const CATEGORIES = Object.keys(OUTCOME_OF_FAILURE) as readonly ErrorCategory[];

/** Adds `--call`, `--run`, `--window`, `--retried` and `--last-failure`. */
export function addSelectionFlags(command: Command): Command {
  return addChoiceFlags(command).option('--last-failure', 'the failed call that ended last');
}

/** Adds what can be told of a call alone, without the rest of the file. */
export function addFilterFlags(command: Command): Command {
  return addChoiceFlags(command)
    .option('--ending <word>', `calls that ended so: ${ENDINGS.join(', ')}`, oneOf('--ending', ENDINGS))
    .option(
      '--category <word>',
      'calls of this error category, for example rate_limited',
      oneOf('--category', CATEGORIES),
    )
    .option(
      '--family <word>',
      `calls of this interface: ${REQUEST_FAMILIES.join(', ')}`,
      oneOf('--family', REQUEST_FAMILIES),
    );
}

function addChoiceFlags(command: Command): Command {
  return command
    .option('--call <id>', 'the call with this id (may be repeated)', each(idFlag('--call')))
    .option('--run <id>', 'the calls of this run', runFlag('--run'))
    .option('--window <from..to>', 'calls under way in this time, UTC', timeWindow('--window'))
    .option('--retried', 'calls that needed more than one attempt');
}

/** Whether a call meets all flags but `--last-failure`, which only the whole file can tell. */
export function isSelected(call: CallLine, flags: SelectionFlags): boolean {
  const { facts } = call.like;
  return (
    (flags.call === undefined || flags.call.includes(call.text('facts.callId') ?? '')) &&
    (flags.run === undefined || call.text('run_id') === flags.run) &&
    (flags.retried === undefined || facts.attempts.length > 1) &&
    (flags.lastFailure === undefined || facts.ending === 'failed') &&
    (flags.ending === undefined || facts.ending === flags.ending) &&
    (flags.category === undefined || facts.category === flags.category) &&
    (flags.family === undefined || FAMILIES[facts.family].name === flags.family) &&
    (flags.window === undefined || isWithin(call, flags.window))
  );
}

function isWithin(call: CallLine, { fromMs, toMs }: TimeWindow): boolean {
  const moment = (path: 'facts.startedAt' | 'facts.endedAt'): number => Date.parse(call.text(path) ?? '');
  return moment('facts.startedAt') <= toMs && moment('facts.endedAt') >= fromMs;
}

/** How the library begins the line of a call. A line that another program has spelled anew begins otherwise. */
const OUR_SPELLING = '{"record":"call","schema_version":2,"record_id":"';

/**
 * Tells from the text alone that a line of ours cannot be selected, so that it need not be parsed: parsing is nearly all
 * that reading costs. `undefined` when the flags leave nothing to look for.
 */
export function passesOver(flags: SelectionFlags): ((text: string) => boolean) | undefined {
  const words = [
    flags.run === undefined ? undefined : `"run_id":"${flags.run}"`,
    flags.retried === undefined ? undefined : '"index":2,',
    flags.lastFailure === undefined ? undefined : '"ending":"failed"',
    flags.ending === undefined ? undefined : `"ending":"${flags.ending}"`,
    flags.category === undefined ? undefined : `"category":"${flags.category}"`,
  ].filter((word) => word !== undefined);
  const calls = flags.call?.map((id) => `"callId":"${id}"`);
  if (words.length === 0 && calls === undefined) {
    return undefined;
  }
  return (text) => {
    const isOurs = text.startsWith(OUR_SPELLING) && text.endsWith('}');
    const isMeant = words.every((word) => text.includes(word)) && (calls?.some((call) => text.includes(call)) ?? true);
    return isOurs && !isMeant;
  };
}
