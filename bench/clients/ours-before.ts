import type { Client } from '../protocol.ts';
import { createFrom } from './ours.ts';

/** Another build of this client with everything on. */
export const createClient = (): Promise<Client> => createFrom(process.env['BENCH_BEFORE'] ?? '');
