import type { Label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';
import type { LibraryVersion } from './library';

export type RuntimeName = 'node' | 'bun' | 'deno' | 'other';
export type OsFamily = 'linux' | 'darwin' | 'windows' | 'other';

export interface RuntimeVersion {
  readonly name: RuntimeName;
  readonly version: Label<'version'>;
}

/** A library that took part: the host SDK, the OpenTelemetry API or SDK. */
export interface SdkVersion {
  readonly name: Label<'name'>;
  readonly version: Label<'version'>;
}

/**
 * Where a record was made: facts of the process, the same for all its calls. Never a host name, a user or a path (L-13).
 */
export interface RecordSource {
  /** @default this library */
  readonly library?: LibraryVersion | undefined;
  readonly runtime?: RuntimeVersion | undefined;
  readonly os?: OsFamily | undefined;
  readonly sdks?: readonly SdkVersion[] | undefined;
}

/** What a builder needs beside the facts and the declared words. */
export interface RecordContext {
  readonly source?: RecordSource | undefined;
  /** Scrubs the declared words. Without one, only the shapes of secrets are known, none by value. */
  readonly guard?: SecretGuard | undefined;
}
