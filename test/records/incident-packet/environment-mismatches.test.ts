import { describe, expect, it } from 'vitest';
import { environmentMismatches } from '../../../src/records/incident-packet/environment-mismatches';
import { usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { checked, completedCall } from '../sample-facts';

describe('environmentMismatches', () => {
  const node = (version: string) => ({ runtime: { name: 'node', version: checked('version', version) } as const });

  it('returns the names of different fields, and none for equal environments', () => {
    const { settings } = completedCall();
    const local = usageTrace(
      completedCall({ upstream: 'simulator' }),
      { environmentName: 'local' },
      { source: node('24.21.0') },
    );
    const hosted = usageTrace(
      completedCall({ settings: { ...settings, maxAttempts: 1 } }),
      { environmentName: 'ci' },
      { source: node('22.15.0') },
    );
    expect(environmentMismatches(local.environment, hosted.environment)).toEqual([
      'name',
      'runtime.version',
      'settings.max_attempts',
      'upstream',
    ]);
    expect(environmentMismatches(local.environment, local.environment)).toEqual([]);
  });
});
