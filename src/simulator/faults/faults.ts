import { bytesOf, encodeText, isEventStream, type Step, type Steps } from '../step';

/**
 * The place of a fault in an answer.
 *
 * - `before`: before the first byte
 * - `headers`: in the middle of the headers
 * - `after_headers`: after the headers
 * - `body`, `mid_body`: in the middle of the body; in a stream the same as `mid_stream`
 * - `mid_stream`: after some events of a stream; in JSON the same as `mid_body`
 */
export type FaultPlace = 'before' | 'headers' | 'after_headers' | 'body' | 'mid_body' | 'mid_stream';

/** The amount of data before the fault. */
export interface FaultLimits {
  /** Number of data events before the fault. @default 2 */
  readonly afterEvents?: number;
  /** Number of body bytes before the fault, in streams and JSON. Overrides `afterEvents`. */
  readonly afterBytes?: number;
}

/** Yields the steps of an answer up to the place of a fault, without its end. */
export function* until(steps: Steps, place: FaultPlace, limits: FaultLimits): Generator<Step> {
  let events = 0;
  let bytesLeft = limits.afterBytes ?? Number.POSITIVE_INFINITY;
  if (place === 'before') {
    return;
  }
  for (const step of steps) {
    if (step.kind === 'end' || step.kind === 'cut' || step.kind === 'reset' || step.kind === 'hang') {
      return;
    }
    if (step.kind === 'head' && place === 'headers') {
      yield { kind: 'partial_head', head: step.head };
      return;
    }
    if (step.kind === 'event' && limits.afterBytes === undefined && events++ >= (limits.afterEvents ?? 2)) {
      return;
    }
    if ((step.kind === 'event' || step.kind === 'bytes') && limits.afterBytes !== undefined) {
      const bytes = bytesOf(step).subarray(0, bytesLeft);
      bytesLeft -= bytes.length;
      yield { kind: 'bytes', bytes };
    } else if (step.kind === 'bytes') {
      yield { kind: 'bytes', bytes: step.bytes.subarray(0, step.bytes.length >> 1) };
      return;
    } else {
      yield step;
    }
    if (bytesLeft <= 0 || (step.kind === 'head' && place === 'after_headers')) {
      return;
    }
  }
}

/** Sends a RST. Waits 20 ms first, because a reset discards data that the client has not yet read. */
export function* resetAt(steps: Steps, place: FaultPlace, limits: FaultLimits): Generator<Step> {
  yield* until(steps, place, limits);
  if (place !== 'before') {
    yield { kind: 'wait', waitMs: 20 };
  }
  yield { kind: 'reset' };
}

/** Sends a FIN before the end of the body. */
export function* cutAt(steps: Steps, place: FaultPlace, limits: FaultLimits): Generator<Step> {
  yield* until(steps, place, limits);
  yield { kind: 'cut' };
}

/** Keeps the connection open and silent. A stream can continue with comments. */
export function* stallAt(
  steps: Steps,
  place: FaultPlace,
  limits: FaultLimits,
  commentEveryMs: number | undefined,
): Generator<Step> {
  let isStream = false;
  for (const step of until(steps, place, limits)) {
    isStream ||= step.kind === 'head' && isEventStream(step.head);
    yield step;
  }
  // Comments are possible only in a stream, which has no content length.
  while (isStream && commentEveryMs !== undefined) {
    yield { kind: 'wait', waitMs: commentEveryMs };
    yield { kind: 'bytes', bytes: encodeText(': simulated keep-alive\n\n') };
  }
  yield { kind: 'hang' };
}

/** Sends the body in small writes with pauses. */
export function* dripped(steps: Steps, bytesPerWrite: number, delayMs: number): Generator<Step> {
  for (const step of steps) {
    if (step.kind !== 'event' && step.kind !== 'bytes') {
      yield step;
      continue;
    }
    const bytes = bytesOf(step);
    for (let at = 0; at < bytes.length; at += bytesPerWrite) {
      yield { kind: 'wait', waitMs: delayMs };
      yield { kind: 'bytes', bytes: bytes.subarray(at, at + bytesPerWrite) };
    }
  }
}
