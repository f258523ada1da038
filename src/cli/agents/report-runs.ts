import { dirname, join } from 'node:path';
import { fitsLine, type RunRecords } from '../../gateway/runs/run-records';
import type { RunningGateway } from '../../gateway/start-gateway';
import { CliError } from '../cli-error';
import type { Output } from '../output/output';
import { writeFiles } from '../output/write-files';
import type { SharedGatewayFlags } from './gateway-flags';

/** Writes the records of every run, and prints one line per run. */
export async function reportRuns(
  gateway: RunningGateway,
  flags: SharedGatewayFlags,
  recordFile: string | undefined,
  output: Output,
): Promise<readonly RunRecords[]> {
  const filed: RunRecords[] = [];
  for (const runId of gateway.runIds) {
    try {
      const records = gateway.recordRun(runId, { notes: flags.note, decision: flags.decision });
      if (records !== undefined) {
        filed.push(records);
        output.note(lineOf(runId, records));
        await fileLongOnes(runId, records, recordFile, output);
      }
    } catch (error) {
      output.note(
        error instanceof CliError
          ? error.message
          : `run ${runId}: its records contain an active secret and were not written.`,
      );
    }
  }
  return filed;
}

/** Writes a record that is too long for one line of the record file to a separate file in the same folder. */
async function fileLongOnes(
  runId: string,
  { runCard, usageTrace }: RunRecords,
  recordFile: string | undefined,
  output: Output,
): Promise<void> {
  for (const { record, json } of [runCard, usageTrace]) {
    if (recordFile !== undefined && !fitsLine(record)) {
      const name = `${runId.replaceAll(/[^A-Za-z0-9._-]/g, '_')}.${record.record.replace('_', '-')}.json`;
      const path = join(dirname(recordFile), name);
      await writeFiles([{ path, text: json }]);
      output.note(`The ${record.record.replace('_', ' ')} is too long for one line of the record file. Wrote ${path}.`);
    }
  }
}

function lineOf(runId: string, { runCard }: RunRecords): string {
  const { record } = runCard;
  const reasons = record.reasons.length === 0 ? '' : ` (${record.reasons.join(', ')})`;
  const failed = record.endings.failed === 0 ? '' : `, ${record.endings.failed} failed`;
  return `run ${runId}: ${count(record.request_count, 'request')}${failed}, ${count(record.attempt_count, 'attempt')} upstream, ${record.result_class}${reasons}`;
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
