import { CliError } from '../cli-error';
import type { SkippedLines } from './skipped-lines';

/**
 * Creates the error for an empty selection. It mentions skipped lines, because they may be the reason.
 *
 * @param predicate what no call does
 */
export function noMatchError(paths: readonly string[], skipped: SkippedLines, predicate = 'matches'): CliError {
  const remark = skipped.remark();
  return new CliError(`No call in ${paths.join(', ')} ${predicate}.${remark === undefined ? '' : ` ${remark}`}`);
}
