/** The public entries and their sources. package.json `exports` lists the same; test/package/ compares them. */
export const entries: Readonly<Record<string, string>> = {
  index: 'src/index.ts',
  node: 'src/node/index.ts',
  register: 'src/node/register.ts',
  gateway: 'src/node/gateway/index.ts',
  openai: 'src/hosts/openai.ts',
  'ai-sdk': 'src/hosts/ai-sdk.ts',
  langchain: 'src/hosts/langchain.ts',
  testing: 'src/testing/index.ts',
};

/** What the commands of package.json `bin` run: modules only, not for import. */
export const commands: Readonly<Record<string, string>> = {
  cli: 'src/node/cli/main.ts',
};

/** Dependencies that only the commands load. */
export const behindTheCommands: readonly string[] = ['commander', 'zod'];

/** ESM only: Jest as it comes, and bundles in CommonJS format, could not `require` them, so the CommonJS files hold them. */
export const bundledIntoCommonJs: readonly string[] = ['ky', 'p-retry', 'is-network-error', 'eventsource-parser'];
