import type { TracePort } from '../facts/observer';

/** A trace port that returns the `traceparent` but sends in the caller's own context. */
export function withoutContext(trace: TracePort): TracePort {
  return {
    spanIds: (call) => trace.spanIds(call),
    aroundAttempt(call, index, send) {
      let traceparent: string | undefined;
      trace.aroundAttempt(call, index, (found) => {
        traceparent = found;
      });
      return send(traceparent);
    },
  };
}
