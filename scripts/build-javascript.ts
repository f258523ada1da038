import { build } from 'tsup';
import { ensureValidators } from './write-validators.ts';

/** Builds the ESM and CommonJS files of every entry into dist/, as configured in tsup.config.ts. */
export async function buildJavascript(): Promise<void> {
  await ensureValidators();
  await build({ config: 'tsup.config.ts' });
}
