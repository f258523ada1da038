import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeEach, describe, expect, test } from 'vitest';
import { writeFiles } from '../../../src/cli/output/write-files';
import { temporaryFolder } from '../temporary-folder';

const root = temporaryFolder();
let folder: string;
let tests = 0;

beforeEach(() => {
  tests++;
  folder = join(root, String(tests));
  mkdirSync(folder);
});

describe('writeFiles', () => {
  test('writes each file with mode 0600, for any umask', async () => {
    const before = process.umask(0);
    try {
      await writeFiles([
        { path: join(folder, 'a.md'), text: 'one\n' },
        { path: join(folder, 'b.json'), text: 'é' },
      ]);
    } finally {
      process.umask(before);
    }
    expect(readdirSync(folder)).toEqual(['a.md', 'b.json']);
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toBe('é');
    expect(statSync(join(folder, 'a.md')).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'a.md')).nlink).toBe(1);
  });

  test('writes no file if one of them exists, and keeps the existing one', async () => {
    writeFileSync(join(folder, 'b.json'), 'mine');
    const writing = writeFiles([
      { path: join(folder, 'a.md'), text: 'one' },
      { path: join(folder, 'b.json'), text: 'two' },
      { path: join(folder, 'c.yaml'), text: 'three' },
    ]);
    await expect(writing).rejects.toThrow(
      'b.json could not be written: it exists already, and files are never overwritten.',
    );
    expect(readdirSync(folder)).toEqual(['b.json']);
    expect(readFileSync(join(folder, 'b.json'), 'utf8')).toBe('mine');
  });

  test('does not follow a symbolic link', async () => {
    const target = join(root, 'target');
    writeFileSync(target, 'theirs');
    symlinkSync(target, join(folder, 'a.md'));
    await expect(writeFiles([{ path: join(folder, 'a.md'), text: 'ours' }])).rejects.toThrow('exists already');
    expect(readFileSync(target, 'utf8')).toBe('theirs');
  });

  test('writes no file if the folder of one is missing', async () => {
    const writing = writeFiles([
      { path: join(folder, 'a.md'), text: 'one' },
      { path: join(folder, 'none', 'b.json'), text: 'two' },
    ]);
    await expect(writing).rejects.toThrow('b.json could not be written: no such file or directory.');
    expect(readdirSync(folder)).toEqual([]);
  });

  test('refuses the same path twice', async () => {
    const file = { path: join(folder, 'a.md'), text: 'one' };
    await expect(writeFiles([file, file])).rejects.toThrow('exists already');
    expect(readdirSync(folder)).toEqual([]);
  });
});
