import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';

/** A folder for the tests of a file, removed with what is in it when they are done. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-cli-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
