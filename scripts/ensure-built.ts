import { existsSync, readdirSync, statSync } from 'node:fs';
import { buildAll } from './build-all.ts';
import { buildJavascript } from './build-javascript.ts';

/**
 * Before `npm start`, `npm test` and the examples: builds the JavaScript when it is missing or older than its sources.
 * Declarations only with `--declarations`: nothing that runs needs them, and they take longer than all the rest.
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
