/** Constants that the build inserts (`define` in tsup.config.ts and vitest.config.ts). */
declare const __PACKAGE_NAME__: string;
declare const __PACKAGE_VERSION__: string;
