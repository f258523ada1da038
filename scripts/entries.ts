/** The public entries and their sources. package.json `exports` lists the same; test/package/ compares them. */
export const entries: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  node: 'src/node/index.ts',
  register: 'src/node/register.ts',
  testing: 'src/testing/index.ts',
};

/** ESM only, so the CommonJS files carry them inside: `require` of ESM is younger than the oldest Node we support. */
export const bundledIntoCommonJs: readonly string[] = ['ky', 'p-retry', 'is-network-error', 'eventsource-parser'];
