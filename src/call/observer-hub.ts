import type { CallObserver } from '../facts/observer';

type Step = Exclude<keyof CallObserver, symbol>;
/** One method of an observer. */
type Listener = (...facts: readonly unknown[]) => unknown;

/** Notifies all observers. An observer that throws is counted and reported once; the error never reaches the caller. */
export function createObserverHub(
  observers: readonly CallObserver[],
  report: (message: string) => void,
): Required<CallObserver> & { readonly failures: () => number } {
  let failures = 0;
  const failed = (): void => {
    failures++;
    if (failures === 1) {
      // Do not include the error: it may contain facts or other private values.
      try {
        report('cometapi-otel: an observer failed. API calls are not affected. Later failures are only counted.');
      } catch {
        // The reporter threw too; ignore.
      }
    }
  };
  const tell = (step: Step, call: unknown, attempt?: unknown): void => {
    for (const observer of observers) {
      try {
        // The four methods below pass the right arguments for each step.
        const listener = observer[step] as Listener | undefined;
        const result = listener?.call(observer, call, attempt);
        if (result instanceof Promise) {
          // An unhandled rejection of an async observer would end the process.
          result.catch(failed);
        }
      } catch {
        failed();
      }
    }
  };
  return {
    failures: () => failures,
    callOpened: (call) => tell('callOpened', call),
    attemptOpened: (call, attempt) => tell('attemptOpened', call, attempt),
    attemptClosed: (call, attempt) => tell('attemptClosed', call, attempt),
    callClosed: (call) => tell('callClosed', call),
  };
}
