import { CliError } from '../cli-error';
import { readRecordFiles } from '../reading/read-record-files';
import { SkippedLines } from '../reading/skipped-lines';
import { type Finding, ok, warn } from './finding';

/** What the calls that were recorded say of the client around this one, and of the file. */
export function checkRecords(paths: readonly string[]): readonly Finding[] {
  const skipped = new SkippedLines();
  let calls = 0;
  let repeated = 0;
  try {
    for (const line of readRecordFiles(paths)) {
      skipped.note(line);
      if (line.parsed.kind === 'call') {
        calls++;
        repeated += line.parsed.call.like.facts.outerRetryCount > 0 ? 1 : 0;
      }
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
          `${repeated} of ${calls} recorded calls were retries of a client around this one, so attempts multiply`,
          'Set maxRetries: 0 in that client.',
        )
      : ok('outer retry loop', calls === 0 ? 'no call is recorded yet' : `none in ${calls} recorded calls`),
    ...(remark === undefined ? [] : [warn('records', remark, 'Look closer with records verify.')]),
  ];
}
