/** What was found of one thing, on one line. */
export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail';
  /** No value of a variable but the host of the base URL. */
  readonly text: string;
  /** What to do; only where something is to be done. */
  readonly remedy?: string;
}

export function ok(name: string, text: string): Finding {
  return { name, level: 'ok', text };
}

export function warn(name: string, text: string, remedy: string): Finding {
  return { name, level: 'warn', text, remedy };
}

export function fail(name: string, text: string, remedy: string): Finding {
  return { name, level: 'fail', text, remedy };
}
