import type { RecordWarnings } from './record-warning';
import type { RecordWriter } from './record-writer';

/** As many records wait at most, and as many bytes (J-4). */
export const MAX_QUEUED_RECORDS = 1_000;
export const MAX_QUEUED_BYTES = 4 * 1_024 * 1_024;

/**
 * Writes records one after the other without holding the event loop. When it is full the newest are dropped: the first
 * records of an incident are the ones that explain it.
 */
export class RecordQueue {
  readonly #writer: RecordWriter;
  readonly #warnings: RecordWarnings;
  readonly #waiting: Uint8Array[] = [];
  #waitingBytes = 0;
  #underWay: { readonly record: Uint8Array } | undefined;
  #onIdle: (() => void)[] = [];
  dropped = 0;

  constructor(writer: RecordWriter, warnings: RecordWarnings) {
    this.#writer = writer;
    this.#warnings = warnings;
  }

  get size(): number {
    return this.#waiting.length + (this.#underWay === undefined ? 0 : 1);
  }

  add(record: Uint8Array): void {
    if (this.size >= MAX_QUEUED_RECORDS || this.#waitingBytes + record.length > MAX_QUEUED_BYTES) {
      this.dropped++;
      this.#warnings.tell('queue_full');
      return;
    }
    this.#waiting.push(record);
    this.#waitingBytes += record.length;
    this.#next();
  }

  /** Resolves when everything taken so far, and what comes meanwhile, is written. */
  whenIdle(): Promise<void> {
    return this.size === 0 ? Promise.resolve() : new Promise((resolve) => this.#onIdle.push(resolve));
  }

  /**
   * Writes everything at once. The record under way is written again, since at exit nobody knows whether it was: a
   * duplicate shows (same `record_id`), a loss would not.
   */
  flushSync(): void {
    const underWay = this.#underWay;
    this.#underWay = undefined;
    const records = underWay === undefined ? this.#waiting : [underWay.record, ...this.#waiting];
    for (const record of records) {
      this.#writer.write(record);
    }
    this.#waiting.length = 0;
    this.#waitingBytes = 0;
    this.#tellIdle();
  }

  #next(): void {
    while (this.#underWay === undefined) {
      const record = this.#waiting.shift();
      if (record === undefined) {
        this.#tellIdle();
        return;
      }
      this.#waitingBytes -= record.length;
      this.#start(record);
    }
  }

  #start(record: Uint8Array): void {
    const underWay = { record };
    this.#underWay = underWay;
    const isOurs = (): boolean => this.#underWay === underWay;
    const hasStarted = this.#writer.writeInBackground(record, isOurs, () => {
      if (isOurs()) {
        this.#underWay = undefined;
        this.#next();
      }
    });
    if (!hasStarted) {
      this.#underWay = undefined;
    }
  }

  #tellIdle(): void {
    const waiting = this.#onIdle;
    this.#onIdle = [];
    for (const resolve of waiting) {
      resolve();
    }
  }
}
