/// <reference path="../build-constants.d.ts" />

/** This library, as its package.json names it. Without the build's constants (sources run directly) the version is 0.0.0. */
export const LIBRARY: LibraryVersion = Object.freeze({
  name: typeof __PACKAGE_NAME__ === 'string' ? __PACKAGE_NAME__ : 'cometapi-otel',
  version: typeof __PACKAGE_VERSION__ === 'string' ? __PACKAGE_VERSION__ : '0.0.0',
});

export interface LibraryVersion {
  readonly name: string;
  readonly version: string;
}
