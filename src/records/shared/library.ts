/// <reference path="../../build-constants.d.ts" />

/** The name and version in package.json. The version is 0.0.0 if the sources run without a build. */
export const LIBRARY: LibraryVersion = Object.freeze({
  name: typeof __PACKAGE_NAME__ === 'string' ? __PACKAGE_NAME__ : 'cometapi-otel',
  version: typeof __PACKAGE_VERSION__ === 'string' ? __PACKAGE_VERSION__ : '0.0.0',
});

export interface LibraryVersion {
  /** @maxLength 214 */
  readonly name: string;
  /** @maxLength 64 */
  readonly version: string;
}
