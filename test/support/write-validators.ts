import { ensureValidators } from '../../scripts/write-validators';

/** Generates the record validators before the first test, if a source is newer. */
export async function setup(): Promise<void> {
  await ensureValidators();
}
