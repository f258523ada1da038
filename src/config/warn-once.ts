import type { Logger, LogLevel } from './logger';

const said = new Set<string>();

/** Says a warning once per process, where warnings are wanted. A logger that throws breaks nothing. */
export function warnOnce(message: string, logger: Logger, logLevel: LogLevel): void {
  if (logLevel === 'off' || logLevel === 'error' || said.has(message)) {
    return;
  }
  said.add(message);
  try {
    logger.warn(message);
  } catch {
    // There is nowhere else to say it.
  }
}
