import { type Identifier, identifier } from '../facts/identifier';
import { createRedactor } from '../facts/redaction/redactor';
import type { OsFamily, RecordSource, RuntimeName } from '../records/shared/record-source';

const OS_FAMILIES: Readonly<Record<string, OsFamily>> = { linux: 'linux', darwin: 'darwin', win32: 'windows' };
/** Bun and Deno also report a Node version, so they are checked first. */
const RUNTIMES: readonly Exclude<RuntimeName, 'other'>[] = ['bun', 'deno', 'node'];

/** The runtime and OS family of this process. Both are absent if the platform does not report them. */
export function processSource(): RecordSource {
  // Other platforms have no `process`, or one with few fields.
  const host = globalThis.process as Partial<NodeJS.Process> | undefined;
  const versions: Readonly<Record<string, string | undefined>> = host?.versions ?? {};
  const name = RUNTIMES.find((runtime) => versions[runtime] !== undefined);
  const version: Identifier<'version'> | undefined =
    name === undefined ? undefined : identifier('version', versions[name], createRedactor());
  return {
    runtime: name === undefined || version === undefined ? undefined : { name, version },
    os: host?.platform === undefined ? undefined : (OS_FAMILIES[host.platform] ?? 'other'),
  };
}
