import type { CallEnd } from '../../facts/call-recorder';

/** Internal error for a body that failed or was stopped. Each entry point converts it to its public error. */
export class BodyFailure extends Error {
  readonly end: CallEnd;
  /** The abort reason, if the caller aborted. */
  readonly reason: unknown;

  constructor(end: CallEnd, reason?: unknown) {
    super(end.endingReason);
    this.end = end;
    this.reason = reason;
  }
}
