/** Header lines in the order they are sent; a name may come twice. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** Status line and headers of one answer. */
export interface Head {
  readonly status: number;
  readonly headers: HeaderPairs;
  /** Reason phrase; the usual one when absent, none at all when empty. */
  readonly reason?: string;
  /** `1.0` answers as an HTTP/1.0 server: no chunks, the end of the connection ends the body. */
  readonly version?: '1.0' | '1.1';
  /** `close` sends the body without length and without chunks, as old servers do. */
  readonly delimiter?: 'close';
}

/** What an event is for, so that a fault can leave it out without reading it. */
export type EventPart = 'delta' | 'terminal' | 'usage' | 'done';

/**
 * One thing the simulated gateway does on the connection. A scenario yields these; the two drivers (real socket, memory)
 * only obey, so that each behaviour is described once.
 */
export type Step =
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** Stays open and silent until the client or the simulator closes. */
  | { readonly kind: 'hang' }
  /** A 1xx answer before the real one. */
  | { readonly kind: 'informational'; readonly status: 103; readonly link: string }
  | { readonly kind: 'head'; readonly head: Head }
  /** The first half of the header block, as bytes. */
  | { readonly kind: 'partial_head'; readonly head: Head }
  | { readonly kind: 'event'; readonly name?: string; readonly data: string; readonly part: EventPart }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Written to the socket as they are, past all HTTP framing. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  /** The proper end of the body. */
  | { readonly kind: 'end'; readonly closeConnection?: boolean }
  /** FIN without the end of the body. */
  | { readonly kind: 'cut' }
  /** RST. */
  | { readonly kind: 'reset' };

/** Lazy, so that an answer may be endless. */
export type Steps = Iterable<Step>;

const encoder = new TextEncoder();

/** UTF-8 bytes of `text`. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** An event as the gateway frames it: `event:` only when it has a name, one `data:` line, LF. */
export function encodeEvent(event: { readonly name?: string; readonly data: string }): Uint8Array {
  return encodeText(`${event.name === undefined ? '' : `event: ${event.name}\n`}data: ${event.data}\n\n`);
}

/** What a body step puts on the wire. */
export function bytesOf(step: Step & { readonly kind: 'event' | 'bytes' }): Uint8Array {
  return step.kind === 'event' ? encodeEvent(step) : step.bytes;
}

/** Whether an answer is an event stream. */
export function isEventStream(head: Head): boolean {
  return head.headers.some(([name, value]) => name === 'content-type' && value.startsWith('text/event-stream'));
}
