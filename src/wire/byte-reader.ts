/** What one read gives. */
export type TakenBytes = { readonly done: false; readonly value: Uint8Array } | { readonly done: true };

/** The one reader of a body; the platform's own fits. */
export interface ByteReader {
  read(): Promise<TakenBytes>;
  /** What {@link read} would give at once, without a promise; `undefined` when it would wait, or fail. */
  readNow?(): TakenBytes | undefined;
  cancel(): Promise<void>;
  /** A stream of somebody's own `fetch` is given back unlocked. */
  releaseLock?(): void;
}

/** A body that was not read yet; the platform's own stream fits. */
export interface ByteSource {
  getReader(): ByteReader;
  cancel(): Promise<void>;
}

/** Bytes that were already taken from a source, and what is left of it. */
export interface BodySource {
  /** Chunks to give out first. */
  readonly prefix: readonly Uint8Array[];
  /** `undefined` when the source has ended. */
  readonly reader: ByteReader | undefined;
  /** A read that is already under way. */
  readonly first?: Promise<TakenBytes> | undefined;
}
