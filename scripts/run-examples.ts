import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';

/**
 * Runs every numbered example with `node examples/<file>`, like a user. The environment has no key and no settings, so
 * the examples use the simulator. An example fails if its exit code is not 0, or if it takes longer than a minute.
 */
const examples = readdirSync('examples')
  .filter((file) => /^\d+-.*\.[cm]?[jt]s$/.test(file))
  .sort();
const environment = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !name.startsWith('COMETAPI_') && !name.startsWith('OTEL_')),
);

if (examples.length === 0) {
  console.error('examples/ contains no numbered example.');
  process.exitCode = 1;
}
for (const file of examples) {
  const started = performance.now();
  const { status, signal, stdout, stderr } = spawnSync(process.execPath, [`examples/${file}`], {
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    encoding: 'utf8',
    timeout: 60_000,
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  if (status === 0) {
    console.log(`ok: ${file} (${seconds} s)`);
  } else {
    console.error(`failed: ${file} (${signal ?? `exit code ${status}`}, ${seconds} s)\n${stdout}${stderr}`);
    process.exitCode = 1;
  }
}
