import type { Client } from '../protocol.ts';
import { createClient as create } from './ours.ts';

/** This client with everything on, sending through fetch as on other platforms. */
export const createClient = (): Promise<Client> => create({ transport: 'fetch' });
