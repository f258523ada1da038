import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const manifest = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'));

const TEST_TIMEOUT_MS = 60_000;

/**
 * Test files that need their own process, because they change a process or its modules for good. All other files share
 * one process per core. `test/shared-processes.test.ts` finds files that belong in this list.
 */
export const ALONE: readonly string[] = [
  // Register a global OpenTelemetry provider, a context manager or a `diag` logger.
  'test/cli/checks/sink-watch.test.ts',
  'test/cli/planted-leak.test.ts',
  'test/gateway/tracing.test.ts',
  'test/promises/no-content-leaves.test.ts',
  'test/promises/spans-equal-records.test.ts',
  'test/promises/telemetry-never-breaks-a-call.test.ts',
  'test/promises/works-without-an-sdk.test.ts',
  'test/support/leak-controls.test.ts',
  'test/telemetry/metric-observer.test.ts',
  'test/telemetry/span-observer.test.ts',
  'test/telemetry/spans-equal-facts.test.ts',
  // Replace the global dispatcher.
  'test/transport/dispatch.test.ts',
  'test/transport/dispatcher-choice.test.ts',
  'test/transport/platform-fetch.test.ts',
  // Load modules twice, or mock them.
  'test/errors/leaks.test.ts',
  'test/promises/works-with-sdk-2-and-3.test.ts',
  'test/telemetry/log-events.test.ts',
  'test/telemetry/never-throws.test.ts',
  // Call the garbage collector.
  'test/resources/collected.test.ts',
];

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
        replacement: fileURLToPath(new URL('src/gateway/index.ts', import.meta.url)),
      },
      {
        find: /^cometapi-otel\/(openai|ai-sdk|langchain)$/,
        replacement: `${fileURLToPath(new URL('src/integrations/', import.meta.url))}$1.ts`,
      },
      { find: /^cometapi-otel\/node$/, replacement: fileURLToPath(new URL('src/node/index.ts', import.meta.url)) },
      {
        find: /^cometapi-otel\/testing$/,
        replacement: fileURLToPath(new URL('src/simulator/index.ts', import.meta.url)),
      },
    ],
  },
  test: {
    globalSetup: 'test/support/write-validators.ts',
    // Processes, not threads: tests change process.env, the folder they are in and the global dispatcher.
    pool: 'forks',
    // By default, one core is reserved for the main process, which is mostly idle.
    maxWorkers: '100%',
    // These limits end tests that hang. A busy machine must not reach them.
    testTimeout: TEST_TIMEOUT_MS,
    hookTimeout: TEST_TIMEOUT_MS,
    expect: { poll: { timeout: TEST_TIMEOUT_MS } },
    unstubEnvs: true,
    unstubGlobals: true,
    projects: [
      {
        extends: true,
        test: {
          name: 'alone',
          include: [...ALONE],
          typecheck: {
            enabled: true,
            include: ['test/types/**/*.test-d.ts'],
            tsconfig: './test/types/tsconfig.json',
            // `npm run typecheck` checks the whole program. Only the type tests count here.
            ignoreSourceErrors: true,
          },
        },
      },
      {
        extends: true,
        test: {
          name: 'shared',
          include: ['test/**/*.test.ts'],
          exclude: ['test/consumers/**', '**/node_modules/**', ...ALONE],
          setupFiles: ['test/support/reset-singletons.ts'],
          // A process for each file would more than double the time of the suite.
          isolate: false,
        },
      },
    ],
  },
});
