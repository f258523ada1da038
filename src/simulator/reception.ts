import type { IncomingRequest } from './recorded-request';
import type { Steps } from './step';

/** A received request and the steps that answer it. */
export interface Reception {
  readonly steps: Steps;
  /** Fires when the client disconnects or the simulator closes. */
  readonly stop: AbortSignal;
  /** Call this when the answer ends. Later calls are ignored. */
  settle(outcome: 'finished' | 'closed_by_client'): void;
}

/** A connection that failed to open. Nothing is recorded or billed. */
export interface Unreachable {
  readonly unreachable: string;
}

/** The simulator's interface for drivers. Only the memory driver can be unreachable. */
export interface Receiver {
  fromSocket(incoming: IncomingRequest): Reception;
  fromMemory(incoming: IncomingRequest): Reception | Unreachable;
}

/** Marks every answer as simulated. */
export const SIMULATOR_HEADER = ['x-cometapi-simulator', '1'] as const;
