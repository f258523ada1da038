import { setImmediate as turn } from 'node:timers/promises';

/**
 * Returns true if `promise` settles in this turn of the event loop, so without waiting for a timer or the network. This
 * does not depend on the speed of the machine.
 */
export async function settlesInThisTurn(promise: Promise<unknown>): Promise<boolean> {
  let isSettled = false;
  const settle = (): void => {
    isSettled = true;
  };
  promise.then(settle, settle);
  await turn();
  return isSettled;
}
