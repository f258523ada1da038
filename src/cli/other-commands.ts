import type { Register } from './command-action';
import { registerContract } from './commands/contract';
import { registerDoctor } from './commands/doctor';
import { registerGateway } from './commands/gateway';
import { registerPacket } from './commands/packet';
import { registerRun } from './commands/run';
import { registerSmoke } from './commands/smoke';

/** All commands that need more than the record files: the client, the simulator, or the gateway. */
export const OTHER_COMMANDS: readonly Register[] = [
  registerDoctor,
  registerPacket,
  registerSmoke,
  registerContract,
  registerGateway,
  registerRun,
];
