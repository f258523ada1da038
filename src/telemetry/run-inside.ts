import { type Context, context } from '@opentelemetry/api';

/**
 * Runs `action` exactly once in the context that `inside` makes, and gives back what it gives, or throws what it throws.
 * A context or a context manager that fails, before or after, costs the context but never the request.
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
    // A broken context manager: what it says does not concern the caller.
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
