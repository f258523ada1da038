import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { recordSchemas } from './record-schemas.ts';

/** Writes the published JSON Schema of every kind of record. */
export function writeSchemas(folder: string): void {
  mkdirSync(folder, { recursive: true });
  for (const [kind, schema] of recordSchemas()) {
    writeFileSync(join(folder, `${kind.replaceAll('_', '-')}.schema.json`), `${JSON.stringify(schema, null, 1)}\n`);
  }
}
