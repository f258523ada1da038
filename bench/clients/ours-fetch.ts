import type { Client } from '../protocol.ts';
import { createClient as create } from './ours.ts';

/** The same over fetch, as it runs where there is no dispatcher. */
export const createClient = (): Promise<Client> => create({ transport: 'fetch' });
