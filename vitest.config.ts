import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

export default defineConfig({
  define: {
    __PACKAGE_NAME__: JSON.stringify(manifest.name),
    __PACKAGE_VERSION__: JSON.stringify(manifest.version),
  },
  resolve: {
    alias: [
      { find: /^cometapi-otel$/, replacement: fileURLToPath(new URL('src/index.ts', import.meta.url)) },
      {
        find: /^cometapi-otel\/gateway$/,
        replacement: fileURLToPath(new URL('src/node/gateway/index.ts', import.meta.url)),
      },
      {
        find: /^cometapi-otel\/(openai|ai-sdk|langchain)$/,
        replacement: `${fileURLToPath(new URL('src/hosts/', import.meta.url))}$1.ts`,
      },
      { find: /^cometapi-otel\/node$/, replacement: fileURLToPath(new URL('src/node/index.ts', import.meta.url)) },
      {
        find: /^cometapi-otel\/testing$/,
        replacement: fileURLToPath(new URL('src/testing/index.ts', import.meta.url)),
      },
    ],
  },
  test: {
    include: ['test/**/*.test.ts'],
    exclude: ['test/consumers/**', '**/node_modules/**'],
    // Processes, not threads: tests change process.env and the global dispatcher.
    pool: 'forks',
    // By default one core is kept for the main process, which is idle most of the time: of two cores that is half.
    maxWorkers: '100%',
    testTimeout: 20_000,
    typecheck: {
      enabled: true,
      include: ['test/types/**/*.test-d.ts'],
      tsconfig: './test/types/tsconfig.json',
      // The whole program is checked by `npm run typecheck`; here only the type tests count.
      ignoreSourceErrors: true,
    },
  },
});
