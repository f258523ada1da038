import type { CallObserver } from '../facts/observer';

type Step = Exclude<keyof CallObserver, symbol>;
/** One method of an observer. */
type Listener = (...facts: readonly unknown[]) => unknown;

/** Notifies all observers. The first error is reported without its content; no error reaches the caller. */
export function createCompositeObserver(
  observers: readonly CallObserver[],
  report: (message: string) => void,
): Required<CallObserver> {
  let hasFailed = false;
  const failed = (): void => {
    if (!hasFailed) {
      hasFailed = true;
      // Do not include the error: it may contain facts or other private values.
      try {
        report('cometapi-otel: an observer failed. API calls are not affected. Further failures are not reported.');
      } catch {
        // The reporter threw too; ignore.
      }
    }
  };
  const notify = (step: Step, call: unknown, attempt?: unknown): void => {
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
    callOpened: (call) => notify('callOpened', call),
    attemptOpened: (call, attempt) => notify('attemptOpened', call, attempt),
    attemptClosed: (call, attempt) => notify('attemptClosed', call, attempt),
    callClosed: (call) => notify('callClosed', call),
  };
}
