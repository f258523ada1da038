import type { Client } from '../protocol.ts';
import { createClient as create } from './ours-no-sdk.ts';

/** This client with telemetry off. */
export const createClient = (): Promise<Client> => create({ telemetry: { enabled: false } });
