import { CliError } from '../cli-error';
import type { SkippedLines } from './skipped-lines';

/**
 * There is nothing to tell of; lines that could not be read may be why.
 *
 * @param was what no call does
 */
export function noMatchError(paths: readonly string[], skipped: SkippedLines, was = 'matches'): CliError {
  const remark = skipped.remark();
  return new CliError(`No call in ${paths.join(', ')} ${was}.${remark === undefined ? '' : ` ${remark}`}`);
}
