/** The result of one read. */
export type TakenBytes = { readonly done: false; readonly value: Uint8Array } | { readonly done: true };

/** The only reader of a body. A `ReadableStreamDefaultReader` matches this interface. */
export interface ByteReader {
  read(): Promise<TakenBytes>;
  /** Reads synchronously. Returns `undefined` if {@link read} would wait or reject. */
  readNow?(): TakenBytes | undefined;
  cancel(): Promise<void>;
  /** Unlocks the stream of a custom `fetch`. */
  releaseLock?(): void;
}

/** An unread body. A `ReadableStream` matches this interface. */
export interface ByteSource {
  getReader(): ByteReader;
  cancel(): Promise<void>;
}

/** Bytes that are already read, and the reader for the rest. */
export interface BodySource {
  /** Chunks to return first. */
  readonly prefix: readonly Uint8Array[];
  /** `undefined` if the source has ended. */
  readonly reader: ByteReader | undefined;
  /** A read that is already in progress. */
  readonly first?: Promise<TakenBytes> | undefined;
}
