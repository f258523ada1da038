/** Header lines in the order in which they are sent. A name may occur twice. */
export type HeaderPairs = readonly (readonly [name: string, value: string])[];

/** The status line and headers of one answer. */
export interface Head {
  readonly status: number;
  readonly headers: HeaderPairs;
  /** Reason phrase. If absent, the standard one; if empty, none. */
  readonly reason?: string;
  /** `1.0` answers as an HTTP/1.0 server: no chunks, and the end of the connection ends the body. */
  readonly version?: '1.0' | '1.1';
  /** `close` sends the body without content length or chunks, as old servers do. */
  readonly delimiter?: 'close';
}

/** The role of an event. A fault can omit events by role, without parsing them. */
export type EventPart = 'delta' | 'terminal' | 'usage' | 'done';

/**
 * One action on the connection. A scenario yields steps, and the two drivers (socket and memory) perform them. So each
 * behavior is described once.
 */
export type Step =
  | { readonly kind: 'wait'; readonly waitMs: number }
  /** Keeps the connection open and silent until the client or the simulator closes it. */
  | { readonly kind: 'hang' }
  /** A 1xx response before the final one. */
  | { readonly kind: 'informational'; readonly status: 103; readonly link: string }
  | { readonly kind: 'head'; readonly head: Head }
  /** The first half of the header block, as bytes. */
  | { readonly kind: 'partial_head'; readonly head: Head }
  | { readonly kind: 'event'; readonly name?: string; readonly data: string; readonly part: EventPart }
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array }
  /** Bytes for the socket, without HTTP framing. */
  | { readonly kind: 'raw'; readonly bytes: Uint8Array }
  /** The normal end of the body. */
  | { readonly kind: 'end'; readonly closeConnection?: boolean }
  /** FIN without the end of the body. */
  | { readonly kind: 'cut' }
  /** RST. */
  | { readonly kind: 'reset' };

/** Lazy, because an answer may be endless. */
export type Steps = Iterable<Step>;

const encoder = new TextEncoder();

/** Encodes text as UTF-8. */
export function encodeText(text: string): Uint8Array {
  return encoder.encode(text);
}

/** Encodes an event as CometAPI does: `event:` only if it has a name, one `data:` line, LF line endings. */
export function encodeEvent(event: { readonly name?: string; readonly data: string }): Uint8Array {
  return encodeText(`${event.name === undefined ? '' : `event: ${event.name}\n`}data: ${event.data}\n\n`);
}

/** Returns the bytes of a body step. */
export function bytesOf(step: Step & { readonly kind: 'event' | 'bytes' }): Uint8Array {
  return step.kind === 'event' ? encodeEvent(step) : step.bytes;
}

/** True if an answer is an event stream. */
export function isEventStream(head: Head): boolean {
  return head.headers.some(([name, value]) => name === 'content-type' && value.startsWith('text/event-stream'));
}
