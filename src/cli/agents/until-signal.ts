/** Signals that end a server, with their exit codes: 128 plus the number of the signal. */
const EXIT_CODES = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

export type EndingSignal = keyof typeof EXIT_CODES;

/** Waits for a signal that ends the server, and returns its exit code. A second signal ends the process at once. */
export function untilSignal(): Promise<number> {
  return new Promise((resolve) => {
    for (const signal of signals()) {
      process.once(signal, () => {
        for (const again of signals()) {
          process.removeAllListeners(again);
          process.once(again, () => process.exit(EXIT_CODES[again]));
        }
        resolve(EXIT_CODES[signal]);
      });
    }
  });
}

function signals(): readonly EndingSignal[] {
  return ['SIGINT', 'SIGTERM', 'SIGHUP'];
}
