import { existsSync, readdirSync, statSync } from 'node:fs';
import { buildAll } from './build-all.ts';
import { buildJavascript } from './build-javascript.ts';

/**
 * Builds the JavaScript if it is missing or older than its sources. Runs before `npm start`, `npm test` and the
 * examples.
 *
 * Builds declarations only with `--declarations`: running code does not need them, and they take most of the build
 * time.
 */
const declarations = process.argv.includes('--declarations');
const built = declarations ? 'dist/index.d.ts' : 'dist/index.js';

function newestChange(): number {
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
  return Math.max(...[...sources, 'package.json', 'tsup.config.ts'].map((file) => statSync(file).mtimeMs));
}

if (!existsSync(built) || statSync(built).mtimeMs < newestChange()) {
  await (declarations ? buildAll() : buildJavascript());
}
