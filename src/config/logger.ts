/** The values of `logLevel`, same as in `openai`. No level logs content. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug'] as const;

/** A value of `logLevel`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

type LogFunction = (message: string, ...rest: unknown[]) => void;

/** Receives log lines. `console` has this interface. */
export interface Logger {
  readonly error: LogFunction;
  readonly warn: LogFunction;
  readonly info: LogFunction;
  readonly debug: LogFunction;
}
