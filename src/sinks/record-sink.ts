/** Where record lines go. None of these may throw: a record that fails never fails the call (J-11). */
export interface RecordSink {
  /**
   * Takes one serialised line, without its newline.
   *
   * @param options.sync the line should survive a power cut too, as far as the sink can do that
   */
  write(line: string, options?: { readonly sync?: boolean }): void;
  /** Resolves when all lines taken so far are written. Never rejects. */
  flush(): Promise<void>;
  /** For the `exit` event: writes what is waiting, at once. */
  flushSync(): void;
  /** Writes what is waiting and lets go of the file; later lines are dropped and counted. */
  close(): void;
  stats(): SinkStats;
}

export interface SinkStats {
  /** Lines written whole. */
  readonly written: number;
  /** Lines not written: the sink was full, closed or failing, or the line was too long. */
  readonly dropped: number;
  /** Lines of which only a part was written. */
  readonly torn: number;
  /** Lines waiting. */
  readonly queued: number;
}

/** A sink's numbers, and how many lines were not handed to it at all. */
export interface RecordStats extends SinkStats {
  /** Lines that held a live secret and were withheld. */
  readonly refused: number;
}
