import type { CallObserver } from '../facts/observer';

type Step = Exclude<keyof CallObserver, symbol>;
/** A step of one observer, with whatever it is told. */
type Listener = (...facts: readonly unknown[]) => unknown;

/** Tells all observers, each behind a guard: one that throws is reported once, never told to the caller. */
export function createObserverHub(
  observers: readonly CallObserver[],
  report: (message: string) => void,
): Required<CallObserver> {
  let hasFailed = false;
  const failed = (): void => {
    if (!hasFailed) {
      hasFailed = true;
      // Without the error: it may quote what it was told, and who knows what else.
      try {
        report('cometapi-otel: an observer failed; calls are not affected. Further failures are not reported.');
      } catch {
        // The one who is told of failures fails too: there is nobody left to tell.
      }
    }
  };
  const tell = (step: Step, call: unknown, attempt?: unknown): void => {
    for (const observer of observers) {
      try {
        // The arguments are those of the step; the four methods below see to that.
        const listener = observer[step] as Listener | undefined;
        const result = listener?.call(observer, call, attempt);
        if (result instanceof Promise) {
          // An async observer that fails would end the process as an unhandled rejection.
          result.catch(failed);
        }
      } catch {
        failed();
      }
    }
  };
  return {
    callOpened: (call) => tell('callOpened', call),
    attemptOpened: (call, attempt) => tell('attemptOpened', call, attempt),
    attemptClosed: (call, attempt) => tell('attemptClosed', call, attempt),
    callClosed: (call) => tell('callClosed', call),
  };
}
