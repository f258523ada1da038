import type { AnnotationContext } from '../facts/annotation-context';
import type { CallFacts } from '../facts/call-facts';
import { timestampIdentifier } from '../facts/identifier';
import type { CallObserver } from '../facts/observer';
import type { Redactor } from '../facts/redaction/redactor';
import { uuidV7 } from '../facts/uuid';
import { type CallRecord, callRecord, type LineStamp } from '../records/call-line/call-record';
import type { RecordSource } from '../records/shared/record-source';
import { MAX_RECORD_BYTES, utf8Length } from '../records/shared/serialize';
import type { RecordSink, RecordStats } from './record-sink';
import { RecordWarnings } from './record-warning';

export interface RecordObserverOptions {
  readonly sink: RecordSink;
  /** The process that makes the calls. The same for all records. */
  readonly source: RecordSource;
  /** Returns the operator's annotations of a call. */
  readonly annotationsOf: (facts: CallFacts) => Omit<AnnotationContext, 'docsChecked'>;
  /** Returns a guard that knows all secrets active at the end of the call: a function may have supplied new keys. */
  readonly redactorFor: (facts: CallFacts) => Redactor;
  readonly clock: { nowMs(): number; wallMs(): number };
  readonly randomBytes: (count: number) => Uint8Array;
  /** Called once per kind of failure. The message never contains record content. */
  readonly warn: (message: string) => void;
}

export interface RecordObserver extends CallObserver {
  callClosed(facts: CallFacts): void;
  stats(): RecordStats;
}

/** The ten free bytes of a UUIDv7: the first four count lines, the last six identify the writer. */
const COUNTER_BYTES = 4;
const WRITER_BYTES = 6;

/** Scans each call's line for active secrets, then writes it. Never throws: a record failure must not fail the call. */
export function createRecordObserver(options: RecordObserverOptions): RecordObserver {
  const { sink, source, clock } = options;
  const warnings = new RecordWarnings(options.warn);
  let writerName: Uint8Array | undefined;
  let seq = 0;
  let refused = 0;
  let unmade = 0;

  const stampLine = (): LineStamp => {
    const wallMs = clock.wallMs();
    writerName ??= options.randomBytes(WRITER_BYTES);
    seq++;
    return {
      recordId: uuidV7(wallMs, idBytes(seq, writerName)),
      seq,
      ts: timestampIdentifier(wallMs),
      monoMs: clock.nowMs(),
    };
  };

  const record = (facts: CallFacts): void => {
    const redactor = options.redactorFor(facts);
    // A scan without a known secret proves nothing.
    const check = redactor.secretCount > 0 ? 'value_scan' : 'not_checked';
    const line = serialiseBounded(callRecord(facts, stampLine(), source, options.annotationsOf(facts), check));
    if (redactor.containsSecret(line)) {
      refused++;
      warnings.tell('secret_found');
      return;
    }
    sink.write(line, { sync: isIncident(facts) });
  };

  return {
    callClosed(facts) {
      try {
        record(facts);
      } catch {
        // A caller's function (key, guard or clock) threw. Its error may contain a secret, so it is not read.
        unmade++;
        warnings.tell('build');
      }
    },
    stats() {
      const stats = sink.stats();
      return { ...stats, dropped: stats.dropped + unmade, refused };
    },
  };
}

/** Unique for 2^26 lines per millisecond of one writer. Readers group lines by writer to find gaps in `seq`. */
function idBytes(seq: number, writerName: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(COUNTER_BYTES + WRITER_BYTES);
  // Twelve bits precede the two variant bits, fourteen follow. `uuidV7` overwrites the version and variant bits.
  const high = Math.floor(seq / 2 ** 14) % 2 ** 12;
  const low = seq % 2 ** 14;
  bytes[0] = high >> 8;
  bytes[1] = high & 0xff;
  bytes[2] = low >> 8;
  bytes[3] = low & 0xff;
  bytes.set(writerName, COUNTER_BYTES);
  return bytes;
}

/** If the line would be too long, drops the user's attributes and adds them to `droppedAttributes`. */
function serialiseBounded(record: CallRecord): string {
  const line = JSON.stringify(record);
  // A UTF-16 unit takes at most three bytes, so most lines need no exact count.
  if (line.length * 3 < MAX_RECORD_BYTES || utf8Length(line) < MAX_RECORD_BYTES) {
    return line;
  }
  const { facts } = record;
  const droppedAttributes = facts.droppedAttributes + facts.attributes.length;
  return JSON.stringify({ ...record, facts: { ...facts, attributes: [], droppedAttributes } });
}

/** True if all attempts failed. Its record is forced to disk, because an investigation after a crash needs it. */
function isIncident(facts: CallFacts): boolean {
  return facts.ending === 'failed' && facts.attempts.at(-1)?.because === 'attempts_exhausted';
}
