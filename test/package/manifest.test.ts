import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const manifest = JSON.parse(readFileSync('package.json', 'utf8'));

test('the core depends on four small packages, and one API is shared with the application', () => {
  expect(Object.keys(manifest.dependencies).sort()).toEqual([
    '@opentelemetry/semantic-conventions',
    'eventsource-parser',
    'ky',
    'p-retry',
  ]);
  expect(manifest.peerDependencies).toEqual({
    '@opentelemetry/api': '^1.9.0',
    '@opentelemetry/sdk-node': '>=0.200.0 <1',
  });
  expect(manifest.peerDependenciesMeta).toEqual({ '@opentelemetry/sdk-node': { optional: true } });
});
