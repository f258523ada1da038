/** Levels of `logLevel`, as `openai` has them. No level prints content. */
export const LOG_LEVELS = ['off', 'error', 'warn', 'info', 'debug'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

type LogFunction = (message: string, ...rest: unknown[]) => void;

/** Where log lines go; `console` fits. */
export interface Logger {
  readonly error: LogFunction;
  readonly warn: LogFunction;
  readonly info: LogFunction;
  readonly debug: LogFunction;
}
