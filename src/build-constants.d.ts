/** Put in by the build (tsup `define`, and vitest's). */
declare const __PACKAGE_NAME__: string;
declare const __PACKAGE_VERSION__: string;
