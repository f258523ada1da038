import type { SecretGuard } from '../../facts/secret-guard';
import type { CallRecord } from '../../records/call-record';
import { type ServiceUsage, ServiceUsageCollector } from '../../records/service-usage';
import { CliError } from '../cli/cli-error';
import { readRecordFiles } from '../cli/read-record-files';
import { secretFields } from '../cli/secret-fields';
import { SkippedLines } from '../cli/skipped-lines';
import { requestField, routeTemplate } from '../schemas/words';

/** How the service calls, from all lines of its record files, in constant memory. */
export function readServiceUsage(
  paths: readonly string[],
  guard: SecretGuard,
  note: (remark: string) => void,
): ServiceUsage {
  const collector = new ServiceUsageCollector();
  const skipped = new SkippedLines();
  let calls = 0;
  let before: CallRecord | undefined;
  for (const line of readRecordFiles(paths)) {
    skipped.note(line);
    if (line.parsed.kind === 'call') {
      calls++;
      // How it was called is the same in all lines of a shape.
      const { like } = line.parsed.call;
      if (like !== before) {
        collector.add(like);
        before = like;
      }
    }
  }
  const remark = skipped.remark();
  if (remark !== undefined) {
    note(remark);
  }
  if (calls === 0) {
    throw new CliError(`${paths.join(', ')} holds no call.`);
  }
  const usage = known(collector.usage());
  const [field] = secretFields(usage, guard);
  if (field !== undefined) {
    throw new CliError(`${paths.join(', ')}: ${field} holds what may be a secret. Nothing was made of it.`);
  }
  return usage;
}

/** A file may have been written to by anybody: names that are none of ours say nothing of a service. */
function known(usage: ServiceUsage): ServiceUsage {
  return {
    ...usage,
    endpoints: usage.endpoints
      .filter((endpoint) => routeTemplate.safeParse(endpoint.route_template).success)
      .map((endpoint) => ({
        ...endpoint,
        request_fields: endpoint.request_fields.filter((name) => requestField.safeParse(name).success),
      })),
  };
}
