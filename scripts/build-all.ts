import { rmSync } from 'node:fs';
import { buildDeclarations } from './build-declarations.ts';
import { buildJavascript } from './build-javascript.ts';
import { entries } from './entries.ts';
import { writeNotices } from './write-notices.ts';
import { writeSchemas } from './write-schemas.ts';

/** Rebuilds dist/: JavaScript, declarations, third-party notices and record schemas. */
export async function buildAll(): Promise<void> {
  rmSync('dist', { recursive: true, force: true });
  await buildJavascript();
  await buildDeclarations({ entries, outDir: 'dist' });
  writeNotices('dist/THIRD-PARTY-NOTICES.txt');
  writeSchemas('dist/schemas');
}
