import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

/** Writes the JSON Schema of every kind of record, generated from the schemas that the commands use. */
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

/** Bundles the sources first: their imports have no file extensions, so Node cannot load them directly. */
async function loadSchemas(): Promise<Schemas> {
  const { outputFiles } = await build({
    entryPoints: ['src/cli/schemas/record-schemas.ts'],
    bundle: true,
    format: 'esm',
    platform: 'node',
    write: false,
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
  return import(`data:text/javascript;base64,${code}`);
}
