/** The result of one check. The doctor prints it on one line. */
export interface Finding {
  readonly name: string;
  readonly level: 'ok' | 'warn' | 'fail';
  /** Contains no value of a variable, except the host of the base URL. */
  readonly text: string;
  /** What the user should do, if anything. */
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
