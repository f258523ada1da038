import type { Logger, LogLevel } from './logger';

const said = new Set<string>();

/** Logs a warning once per process, if `logLevel` includes warnings. Ignores a logger that fails. */
export function warnOnce(message: string, logger: Logger, logLevel: LogLevel): void {
  if (logLevel === 'off' || logLevel === 'error' || said.has(message)) {
    return;
  }
  said.add(message);
  const ignore = (): void => {
    // The logger is the only place to report to.
  };
  try {
    const pending: unknown = logger.warn(message);
    if (pending instanceof Promise) {
      // Without this, a failing asynchronous logger would end the process with an unhandled rejection.
      pending.catch(ignore);
    }
  } catch {
    ignore();
  }
}
