import type { Command } from 'commander';
import type { Shell } from '../command-action';
import { registerRecordsList } from './records-list';
import { registerRecordsShow } from './records-show';
import { registerRecordsStats } from './records-stats';
import { registerRecordsVerify } from './records-verify';

export function registerRecords(program: Command, shell: Shell): void {
  const records = program
    .command('records')
    .helpCommand(false)
    .description('list, count and check the calls in record files');
  registerRecordsList(records, shell);
  registerRecordsShow(records, shell);
  registerRecordsStats(records, shell);
  registerRecordsVerify(records, shell);
}
