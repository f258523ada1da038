import { ROUTE_TEMPLATES } from '../../facts/endpoints';
import { REQUEST_FIELDS } from '../../facts/enums';
import type { Redactor } from '../../facts/redaction/redactor';
import { type ServiceUsage, ServiceUsageCollector } from '../../records/contract-ledger/service-usage';
import { CliError } from '../cli-error';
import { readRecordFiles } from '../reading/read-record-files';
import { secretFields } from '../reading/secret-fields';
import { SkippedLines } from '../reading/skipped-lines';

/** Returns the request fields and settings that a service uses, from its record files. Memory use is constant. */
export function readServiceUsage(
  paths: readonly string[],
  redactor: Redactor,
  note: (remark: string) => void,
): ServiceUsage {
  const collector = new ServiceUsageCollector();
  const skipped = new SkippedLines();
  let calls = 0;
  for (const line of readRecordFiles(paths)) {
    skipped.note(line);
    if (line.parsed.kind === 'call') {
      calls++;
      collector.add(line.parsed.record);
    }
  }
  const remark = skipped.remark();
  if (remark !== undefined) {
    note(remark);
  }
  if (calls === 0) {
    throw new CliError(`${paths.join(', ')} contains no call. Pass another --from.`);
  }
  const usage = known(collector.usage());
  const [field] = secretFields(usage, redactor);
  if (field !== undefined) {
    throw new CliError(`${paths.join(', ')}: ${field} may contain a secret. No record was created.`);
  }
  return usage;
}

/** Drops unknown routes and fields: a record file may be forged, and these names would reach the ledger. */
function known(usage: ServiceUsage): ServiceUsage {
  return {
    ...usage,
    endpoints: usage.endpoints
      .filter((endpoint) => ROUTE_TEMPLATES.includes(endpoint.route_template))
      .map((endpoint) => ({
        ...endpoint,
        request_fields: endpoint.request_fields.filter((name) => REQUEST_FIELDS.includes(name)),
      })),
  };
}
