import type { Client } from '../protocol.ts';
import { createClient as create } from './ours.ts';

/** This client with room for a thousand streams. */
export const createClient = (): Promise<Client> => create({ maxConnections: 1_000 });
