import type { RunRecords } from '../../gateway/run-records';
import type { RunningGateway } from '../../gateway/start-gateway';
import type { Output } from '../output';
import type { SharedGatewayFlags } from './gateway-flags';

/** Files the records of every run that was seen, and tells each in one line. */
export function tellRuns(gateway: RunningGateway, flags: SharedGatewayFlags, output: Output): readonly RunRecords[] {
  return gateway.runIds.flatMap((runId) => {
    try {
      const records = gateway.recordRun(runId, { notes: flags.note, decision: flags.decision });
      if (records === undefined) {
        return [];
      }
      output.note(lineOf(runId, records));
      return [records];
    } catch {
      output.note(`run ${runId}: its records held a live secret and were not written.`);
      return [];
    }
  });
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
