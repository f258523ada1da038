import type { Identifier } from '../../facts/identifier';
import type { Redactor } from '../../facts/redaction/redactor';
import type { LibraryVersion } from './library';

export type RuntimeName = 'node' | 'bun' | 'deno' | 'other';
export type OsFamily = 'linux' | 'darwin' | 'windows' | 'other';

export interface RuntimeVersion {
  readonly name: RuntimeName;
  readonly version: Identifier<'version'>;
}

/** Another library in use: the host SDK, the OpenTelemetry API or SDK. */
export interface SdkVersion {
  readonly name: Identifier<'name'>;
  readonly version: Identifier<'version'>;
}

/**
 * The process that created a record. The same for all its calls. Never contains a host name, a user name or a path.
 */
export interface RecordSource {
  /** @default this library */
  readonly library?: LibraryVersion | undefined;
  readonly runtime?: RuntimeVersion | undefined;
  readonly os?: OsFamily | undefined;
  readonly sdks?: readonly SdkVersion[] | undefined;
}

/** The inputs of a builder other than the facts and annotations. */
export interface RecordContext {
  readonly source?: RecordSource | undefined;
  /** Redacts the annotations. Without it, secrets are detected by shape only, not by value. */
  readonly redactor?: Redactor | undefined;
}
