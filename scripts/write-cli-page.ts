import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { rerunConsole } from './console-blocks.ts';
import { writeExampleRecords } from './example-records.ts';

/** Runs the commands in docs/cli.md and updates their output there. A test compares it, without ids and times. */
const PAGE = 'docs/cli.md';

const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-console-'));
const command = resolve('dist/cli.js');
try {
  const key = await writeExampleRecords(join(folder, 'records.jsonl'));
  const env = { PATH: process.env['PATH'], COMETAPI_API_KEY: key, COMETAPI_RECORD_FILE: 'records.jsonl' };
  const page = await rerunConsole(readFileSync(PAGE, 'utf8'), {
    run: (words) =>
      new Promise((done) => {
        execFile(process.execPath, [command, ...words], { cwd: folder, env }, (error, stdout, stderr) => {
          done({ exitCode: Number(error?.code ?? 0), stdout, stderr });
        });
      }),
    read: (path) => readFileSync(join(folder, path), 'utf8'),
  });
  writeFileSync(PAGE, page);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
