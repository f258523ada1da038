import type { CallFacts } from '../facts/call-facts';
import type { DeclaredContext } from '../facts/declared';
import { timestampLabel } from '../facts/label';
import type { CallObserver } from '../facts/observer';
import type { SecretGuard } from '../facts/secret-guard';
import { uuidV7 } from '../facts/uuid';
import { callLine } from '../records/call-line';
import { type CallRecord, callRecord, type LineStamp } from '../records/call-record';
import type { RecordSource } from '../records/record-source';
import { MAX_RECORD_BYTES, utf8Length } from '../records/serialise';
import type { RecordSink, RecordStats } from './record-sink';
import { RecordWarnings } from './record-warning';

export interface RecordObserverOptions {
  readonly sink: RecordSink;
  /** Where the calls are made: the same for all. */
  readonly source: RecordSource;
  /** What the operator said of the work a call belongs to. */
  readonly declaredOf: (facts: CallFacts) => Omit<DeclaredContext, 'docsChecked'>;
  /** Knows every secret that is live when the call ends: keys may come from a function. */
  readonly guardFor: (facts: CallFacts) => SecretGuard;
  readonly clock: { nowMs(): number; wallMs(): number };
  readonly randomBytes: (count: number) => Uint8Array;
  /** Told once of each kind of failure, without any content. */
  readonly warn: (message: string) => void;
}

export interface RecordObserver extends CallObserver {
  callClosed(facts: CallFacts): void;
  stats(): RecordStats;
}

/** Bytes of a UUIDv7 that are free: the first four count lines here, the last six name the writer. */
const COUNTER_BYTES = 4;
const WRITER_BYTES = 6;

/** Writes one line a call, scanned for live secrets just before. Never throws (J-11). */
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
      ts: timestampLabel(wallMs),
      monoMs: clock.nowMs(),
    };
  };

  const record = (facts: CallFacts): void => {
    const guard = options.guardFor(facts);
    // A scan for no secret proves nothing.
    const check = guard.secretCount > 0 ? 'value_scan' : 'not_checked';
    const line = serialiseBounded(callRecord(facts, stampLine(), source, options.declaredOf(facts), check));
    if (guard.holds(line)) {
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
        // A function of the host (key, guard, clock) threw; its error may hold anything, so it is not looked at.
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

/** Unique within the writer for 2^26 lines a millisecond; readers tell writers apart by the end, to find gaps of `seq`. */
function idBytes(seq: number, writerName: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(COUNTER_BYTES + WRITER_BYTES);
  // Twelve bits before the variant's two, fourteen behind them; the version and variant are set over what stands there.
  const high = Math.floor(seq / 2 ** 14) % 2 ** 12;
  const low = seq % 2 ** 14;
  bytes[0] = high >> 8;
  bytes[1] = high & 0xff;
  bytes[2] = low >> 8;
  bytes[3] = low & 0xff;
  bytes.set(writerName, COUNTER_BYTES);
  return bytes;
}

/** A line that would be too long gives up the user's own labels, and counts them as dropped. */
function serialiseBounded(record: CallRecord): string {
  const line = callLine(record);
  // No character takes more than three bytes, so that most lines need no count.
  if (line.length * 3 < MAX_RECORD_BYTES || utf8Length(line) < MAX_RECORD_BYTES) {
    return line;
  }
  const { facts } = record;
  const droppedAttributes = facts.droppedAttributes + facts.attributes.length;
  return callLine({ ...record, facts: { ...facts, attributes: [], droppedAttributes } });
}

/** A call that failed for good is what people will ask about after a crash (J-5). */
function isIncident(facts: CallFacts): boolean {
  return facts.ending === 'failed' && facts.attempts.at(-1)?.because === 'attempts_exhausted';
}
