/** Instrumentation scope of everything this room emits: the package, and the conventions its names follow. */
export const SCOPE = {
  name: __PACKAGE_NAME__,
  version: __PACKAGE_VERSION__,
  options: { schemaUrl: 'https://opentelemetry.io/schemas/1.41.1' },
} as const;
