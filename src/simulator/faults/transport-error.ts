/** A transport failure with the texts of Node's `fetch`. */
export interface TransportFault {
  /** Absent if Node sets none: for a redirect, and for a response that is not HTTP. */
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
  text: 'raw() needs a socket. Call simulator.listen() and use its baseURL.',
};

/** Builds the error of Node's `fetch`: a `TypeError` whose `cause` describes the failure. */
export function transportError(during: 'headers' | 'body', { code, name, text }: TransportFault): TypeError {
  const cause = Object.assign(new Error(text), code === undefined ? {} : { code }, name === undefined ? {} : { name });
  return new TypeError(during === 'headers' ? 'fetch failed' : 'terminated', { cause });
}
