import type { TracePort } from '../facts/observer';

/** A port that gives the `traceparent`, but leaves the context in which something is sent as the caller's. */
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
