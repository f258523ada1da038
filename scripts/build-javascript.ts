import { build } from 'tsup';

/** Builds the ESM and CommonJS files of every entry into dist/, as configured in tsup.config.ts. */
export async function buildJavascript(): Promise<void> {
  await build({ config: 'tsup.config.ts' });
}
