import { rmSync } from 'node:fs';
import { buildJavascript } from './build-javascript.ts';

rmSync('dist', { recursive: true, force: true });
await buildJavascript();
