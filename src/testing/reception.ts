import type { IncomingRequest } from './recorded-request';
import type { Steps } from './step';

/** A request that was received, and what is to be done with it. */
export interface Reception {
  readonly steps: Steps;
  /** Fires when the client went away or the simulator closes. */
  readonly stop: AbortSignal;
  /** Told once how the answer ended; later calls are ignored. */
  settle(outcome: 'finished' | 'closed_by_client'): void;
}

/** A connection that never came about: nothing was received and nothing is billed. */
export interface Unreachable {
  readonly unreachable: string;
}

/** The simulator's side of a driver. Memory alone can be unreachable; a socket that answers is not. */
export interface Receiver {
  fromSocket(incoming: IncomingRequest): Reception;
  fromMemory(incoming: IncomingRequest): Reception | Unreachable;
}

/** Says on every answer that no gateway made it. */
export const SIMULATOR_HEADER = ['x-cometapi-simulator', '1'] as const;
