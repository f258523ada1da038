import type { Logger, LogLevel } from './logger';

const said = new Set<string>();

/** Says a warning once per process, where warnings are wanted. A logger that throws breaks nothing. */
export function warnOnce(message: string, logger: Logger, logLevel: LogLevel): void {
  if (logLevel === 'off' || logLevel === 'error' || said.has(message)) {
    return;
  }
  said.add(message);
  const ignore = (): void => {
    // There is nowhere else to say it.
  };
  try {
    const pending: unknown = logger.warn(message);
    if (pending instanceof Promise) {
      // An asynchronous logger that fails would end the process as an unhandled rejection.
      pending.catch(ignore);
    }
  } catch {
    ignore();
  }
}
