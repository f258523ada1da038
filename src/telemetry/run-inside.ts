import { type Context, context } from '@opentelemetry/api';

/**
 * Runs `action` exactly once, in the context that `inside` returns. Returns or throws the result of `action`.
 *
 * If `inside` or the context manager throws, `action` runs without that context: the request is never lost or repeated.
 */
export function runInside<T>(inside: () => Context, action: () => T): T {
  let outcome: { readonly value: T } | { readonly error: unknown } | undefined;
  const once = (): void => {
    if (outcome === undefined) {
      try {
        outcome = { value: action() };
      } catch (error) {
        outcome = { error };
      }
    }
  };
  try {
    context.with(inside(), once);
  } catch {
    // The context manager failed. Its error does not concern the caller.
  }
  once();
  return settled(outcome);
}

function settled<T>(outcome: { readonly value: T } | { readonly error: unknown } | undefined): T {
  if (outcome !== undefined && 'value' in outcome) {
    return outcome.value;
  }
  throw outcome?.error;
}
