import type { Logger, LogLevel } from './logger';

/** Stored on `globalThis`, because one process may load the package twice: with `import` and with `require`. */
const WARNED = Symbol.for('cometapi-otel.warned');

/** Logs a warning once per process, if `logLevel` includes warnings. Ignores a logger that fails. */
export function warnOnce(message: string, logger: Logger, logLevel: LogLevel): void {
  const warned = warnedMessages();
  if (logLevel === 'off' || logLevel === 'error' || warned.has(message)) {
    return;
  }
  warned.add(message);
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

/** Returns the set on the global object. Creates it on first use. */
function warnedMessages(): Set<string> {
  const holder = globalThis as { [WARNED]?: Set<string> };
  holder[WARNED] ??= new Set();
  return holder[WARNED];
}
