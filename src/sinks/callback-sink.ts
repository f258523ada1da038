import type { RecordSink } from './record-sink';

/** Hands each line to a function: for tests, message queues, and platforms without files. A throw counts as a dropped line. */
export function createCallbackSink(callback: (line: string) => void): RecordSink {
  let written = 0;
  let dropped = 0;
  let closed = false;
  return {
    write(line) {
      try {
        if (!closed) {
          callback(line);
        }
        written += closed ? 0 : 1;
        dropped += closed ? 1 : 0;
      } catch {
        // A record failure never reaches the call (J-11).
        dropped++;
      }
    },
    flush: () => Promise.resolve(),
    flushSync: () => {},
    close() {
      closed = true;
    },
    stats: () => ({ written, dropped, torn: 0, queued: 0 }),
  };
}
