/** Where record lines go. None of these may throw: a record that fails never fails the call. */
export interface RecordSink {
  /**
   * Takes one serialised line, without its newline.
   *
   * @param options.sync the line should survive a power cut too, as far as the sink can do that
   */
  write(line: string, options?: { readonly sync?: boolean }): void;
  /** Closes the file. Later lines are dropped and counted. */
  close(): void;
  stats(): SinkStats;
}

export interface SinkStats {
  /** Lines written whole. */
  readonly written: number;
  /** Lines not written: the sink was closed or failing, or the line was too long. */
  readonly dropped: number;
  /** Lines of which only a part was written. */
  readonly torn: number;
  /** Always 0: each line is written before `write` returns. */
  readonly queued: number;
}

/** A sink's numbers, and how many lines were not handed to it at all. */
export interface RecordStats extends SinkStats {
  /** Lines that held a live secret and were withheld. */
  readonly refused: number;
}
