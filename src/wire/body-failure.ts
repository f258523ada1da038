import type { CallEnd } from '../facts/observation';

/** Why a body stopped, in closed words. Never leaves the package: each door says it in its own way. */
export class BodyFailure extends Error {
  readonly end: CallEnd;
  /** The caller's own reason, when the caller aborted. */
  readonly reason: unknown;

  constructor(end: CallEnd, reason?: unknown) {
    super(end.endingReason);
    this.end = end;
    this.reason = reason;
  }
}
