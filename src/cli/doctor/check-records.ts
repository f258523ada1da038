import { CliError } from '../cli-error';
import { matchingCalls } from '../reading/select-calls';
import { SkippedLines } from '../reading/skipped-lines';
import { type Finding, ok, warn } from './finding';

/** Reports retry loops around this client, and damaged lines of the record files. */
export function checkRecords(paths: readonly string[]): readonly Finding[] {
  const skipped = new SkippedLines();
  let calls = 0;
  let repeated = 0;
  try {
    for (const { facts } of matchingCalls(paths, {}, skipped)) {
      calls++;
      repeated += facts.outerRetryCount > 0 ? 1 : 0;
    }
  } catch (error) {
    if (error instanceof CliError) {
      return [warn('records', error.message, 'Name a record file with --from.')];
    }
    throw error;
  }
  const remark = skipped.remark();
  return [
    repeated > 0
      ? warn(
          'outer retry loop',
          `${repeated} of ${calls} recorded calls were retries of an outer client, so attempts multiply`,
          'Set maxRetries: 0 in the outer client.',
        )
      : ok('outer retry loop', calls === 0 ? 'no calls recorded yet' : `none in ${calls} recorded calls`),
    ...(remark === undefined ? [] : [warn('records', remark, 'Check the file with records verify.')]),
  ];
}
