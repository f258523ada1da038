import { existsSync, readdirSync, statSync } from 'node:fs';
import { buildJavascript } from './build-javascript.ts';

/**
 * Before `npm start`, `npm test` and the examples: builds the JavaScript when it is missing or older than its sources.
 * No declarations: nothing that runs needs them, and they take longer than everything else together.
 */
const BUILT = 'dist/index.js';

function newestChange(): number {
  const sources = readdirSync('src', { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}/${entry.name}`);
  return Math.max(...[...sources, 'package.json', 'tsup.config.ts'].map((file) => statSync(file).mtimeMs));
}

if (existsSync('src/index.ts') && (!existsSync(BUILT) || statSync(BUILT).mtimeMs < newestChange())) {
  await buildJavascript();
}
