/** What broke, in the words of Node's fetch. */
export interface TransportFault {
  /** Absent where Node has none: a redirect, a response that is no HTTP. */
  readonly code?: string;
  /** Name of the cause. @default 'Error' */
  readonly name?: string;
  readonly text: string;
}

export const RESET: TransportFault = { code: 'ECONNRESET', text: 'read ECONNRESET' };
export const CLOSED: TransportFault = { code: 'UND_ERR_SOCKET', name: 'SocketError', text: 'other side closed' };
export const DAMAGED: TransportFault = { code: 'Z_DATA_ERROR', text: 'invalid block type' };
export const NOT_HTTP: TransportFault = {
  name: 'HTTPParserError',
  text: 'raw bytes are no HTTP in memory: use simulator.listen()',
};

/** A failure as Node's fetch reports it: a `TypeError` whose cause tells what it was. */
export function transportError(during: 'headers' | 'body', { code, name, text }: TransportFault): TypeError {
  const cause = Object.assign(new Error(text), code === undefined ? {} : { code }, name === undefined ? {} : { name });
  return new TypeError(during === 'headers' ? 'fetch failed' : 'terminated', { cause });
}
