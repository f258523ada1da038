/** For `simulator.waitFor`: only the timeout of the test ends the wait, so a busy machine does not fail the test. */
export const NO_LIMIT = { timeoutMs: 2 ** 31 - 1 };
