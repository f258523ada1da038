import { readFileSync } from 'node:fs';
import { runInNewContext } from 'node:vm';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { findFilePlatform } from '../../src/record-file/file-system';
import { createJsonlFile } from '../../src/record-file/jsonl-file';
import { processSource } from '../../src/record-file/process-source';
import { bundleProgram } from '../support/bundle-program';
import { ManualClock } from './manual-clock';

afterEach(() => vi.unstubAllGlobals());

describe('a platform without files', () => {
  it('can load the sinks, because their bundle imports nothing', async () => {
    for (const source of [
      'src/record-file/jsonl-file.ts',
      'src/record-file/record-observer.ts',
      'src/record-file/process-source.ts',
    ]) {
      const program = await bundleProgram(source, { platform: 'neutral' });
      const text = readFileSync(program.file, 'utf8');
      program.remove();
      expect(text).not.toMatch(/\bimport\b|\brequire\(/);
      // Loading the bundle uses no API of the platform.
      expect(() => runInNewContext(text.replace(/export \{[^}]*\};?/, ''))).not.toThrow();
    }
  });

  it.each([
    ['no process', undefined],
    ['an empty process object', {}],
    ['an older Node', { versions: { node: '20.10.0' } }],
  ])('explains what to use instead of a record file (%s)', (_, process) => {
    vi.stubGlobal('process', process);
    expect(findFilePlatform()).toBeUndefined();
    expect(() => createJsonlFile({ path: 'records.jsonl', clock: new ManualClock(), warn: () => {} })).toThrow(
      new Error(
        'This platform has no file system, which recordFile needs. Remove recordFile and use an observer instead.',
      ),
    );
  });

  it('reports the runtime and operating system if known, and nothing else about the machine', () => {
    expect(processSource()).toEqual({
      runtime: { name: 'node', version: process.versions.node },
      os: expect.stringMatching(/^(linux|darwin|windows|other)$/),
    });
    vi.stubGlobal('process', { versions: { node: '24.0.0', bun: '1.3.1' }, platform: 'sunos' });
    expect(processSource()).toEqual({ runtime: { name: 'bun', version: '1.3.1' }, os: 'other' });
    vi.stubGlobal('process', undefined);
    expect(processSource()).toEqual({ runtime: undefined, os: undefined });
  });
});
