/** The instrumentation scope of all telemetry: package name, version, and the schema of the attribute names. */
export const SCOPE = {
  name: __PACKAGE_NAME__,
  version: __PACKAGE_VERSION__,
  options: { schemaUrl: 'https://opentelemetry.io/schemas/1.41.1' },
} as const;
