import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeExamples } from './documented-examples.ts';

/** Runs the built commands and rewrites docs/examples. A test compares the files, without ids and times. */
const DOCUMENTED = 'docs/examples';

const folder = mkdtempSync(join(tmpdir(), 'cometapi-otel-examples-'));
try {
  const examples = await makeExamples(DOCUMENTED, folder, run);
  for (const [name, text] of examples) {
    writeFileSync(join(DOCUMENTED, name), text.replaceAll(folder, '.'));
  }
  console.log(`${examples.size} examples written to ${DOCUMENTED}`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Accepts any exit code except usage errors, because some examples show failures. */
function run(words: readonly string[], environment: Readonly<Record<string, string>>): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { env: { PATH: process.env['PATH'], ...environment } };
    execFile(process.execPath, ['dist/cli.js', ...words], options, (error, stdout, stderr) => {
      const code = error === null ? 0 : error.code;
      if (code === 64 || (stdout === '' && !stderr.includes('Wrote'))) {
        reject(new Error(`${words.join(' ')}: ${stderr}`));
      } else {
        resolve(stdout);
      }
    });
  });
}
