/** The public entries and their sources. A test compares them with `exports` in package.json. */
export const entries: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  node: 'src/node/index.ts',
  register: 'src/node/register.ts',
  gateway: 'src/gateway/index.ts',
  openai: 'src/integrations/openai.ts',
  'ai-sdk': 'src/integrations/ai-sdk.ts',
  langchain: 'src/integrations/langchain.ts',
  testing: 'src/simulator/index.ts',
};

/** The sources of the commands in `bin` of package.json. ES modules only; not importable. */
export const commands: Readonly<Record<string, string>> = {
  cli: 'src/cli/main.ts',
};

/** Dependencies that only the commands load. */
export const behindTheCommands: readonly string[] = ['commander'];

/** ESM-only packages that the CommonJS files contain, because Jest and CommonJS bundles cannot `require` them. */
export const bundledIntoCommonJs: readonly string[] = ['ky', 'p-retry', 'is-network-error', 'eventsource-parser'];
