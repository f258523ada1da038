/** A destination of record lines. Its methods never throw: a record failure must not fail the call. */
export interface RecordSink {
  /**
   * Writes one serialised line. Pass the line without its newline.
   *
   * @param options.sync true to force the line to disk within a second, so that it survives a power cut
   */
  write(line: string, options?: { readonly sync?: boolean }): void;
  /** Closes the file. Later lines are dropped and counted. */
  close(): void;
  stats(): SinkStats;
}

export interface SinkStats {
  /** Lines written completely. */
  readonly written: number;
  /** Lines not written: the sink was closed or failing, or the line was too long. */
  readonly dropped: number;
  /** Lines written in part. */
  readonly torn: number;
  /** Always 0: each line is written before `write` returns. */
  readonly queued: number;
}

/** The counts of a sink, and the lines that were withheld from it. */
export interface RecordStats extends SinkStats {
  /** Lines withheld because they contained an active secret. */
  readonly refused: number;
}
