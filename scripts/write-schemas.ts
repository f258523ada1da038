import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Writes the JSON Schema of every kind of record, made from the schemas that the commands check with. */
export async function writeSchemas(folder: string): Promise<void> {
  const { RECORD_SCHEMAS, jsonSchemaOf } = await loadSchemas();
  mkdirSync(folder, { recursive: true });
  for (const kind of Object.keys(RECORD_SCHEMAS)) {
    writeFileSync(
      join(folder, `${kind.replaceAll('_', '-')}.schema.json`),
      `${JSON.stringify(jsonSchemaOf(kind), null, 1)}\n`,
    );
  }
}

interface Schemas {
  readonly RECORD_SCHEMAS: Readonly<Record<string, unknown>>;
  jsonSchemaOf(kind: string): object;
}

/** The sources have no file extensions in their imports, so Node cannot run them as they are. */
async function loadSchemas(): Promise<Schemas> {
  const { outputFiles } = await build({
    entryPoints: ['src/node/schemas/record-schemas.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}
