import { bytesOf, encodeText, isEventStream, type Step, type Steps } from './step';

/**
 * Where in an answer a fault strikes: before its first byte, in the middle of its headers, after the headers, in the
 * middle of the body (`body` and `mid_body` are the same), or after some events of a stream. An answer that is no stream
 * takes `mid_stream` as the middle of its body, and a stream takes `mid_body` as after two events.
 */
export type FaultPlace = 'before' | 'headers' | 'after_headers' | 'body' | 'mid_body' | 'mid_stream';

/** How much comes before the fault. */
export interface FaultLimits {
  /** Data events of a stream. @default 2 */
  readonly afterEvents?: number;
  /** Bytes of the body, events or not; wins over `afterEvents`. */
  readonly afterBytes?: number;
}

/** The steps of an answer up to the place of a fault, without its end. */
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

/** RST. What was sent before it gets a moment to be read, since a reset throws away what still waits in the socket. */
export function* resetAt(steps: Steps, place: FaultPlace, limits: FaultLimits): Generator<Step> {
  yield* until(steps, place, limits);
  if (place !== 'before') {
    yield { kind: 'wait', waitMs: 20 };
  }
  yield { kind: 'reset' };
}

/** FIN before the body is over. */
export function* cutAt(steps: Steps, place: FaultPlace, limits: FaultLimits): Generator<Step> {
  yield* until(steps, place, limits);
  yield { kind: 'cut' };
}

/** Open and silent; a stream may go on with comments. */
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
  // An answer with a length has no room for comments.
  while (isStream && commentEveryMs !== undefined) {
    yield { kind: 'wait', waitMs: commentEveryMs };
    yield { kind: 'bytes', bytes: encodeText(': simulated keep-alive\n\n') };
  }
  yield { kind: 'hang' };
}

/** The body in small writes with pauses: slow, but steady. */
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
