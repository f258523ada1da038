import { type Label, type LabelKind, label, modelLabel } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';

/**
 * What readers of answers need to know of the request: a value of the server that stands in what the caller sent is the
 * caller's text, echoed, and never becomes a label.
 */
export interface ReadContext {
  readonly guard: SecretGuard;
  /** Whether `value` stands in the request's body or header values. */
  isEcho(value: string): boolean;
}

/** Shorter values are words of the protocol, found in any prompt. */
const MIN_ECHO_LENGTH = 8;

/** @param sent body text and header values of the request */
export function createReadContext(guard: SecretGuard, sent: readonly string[]): ReadContext {
  return {
    guard,
    isEcho: (value) => value.length >= MIN_ECHO_LENGTH && sent.some((text) => text.includes(value)),
  };
}

/** A server's identifier as a label, unless it is an echo. */
export function serverLabel<Kind extends LabelKind>(
  kind: Kind,
  value: unknown,
  context: ReadContext,
): Label<Kind> | undefined {
  const checked = label(kind, value, context.guard);
  return checked === undefined || context.isEcho(checked) ? undefined : checked;
}

/** The answered model; the one asked for may of course come back. */
export function answeredModel(
  value: unknown,
  requested: Label<'model'> | undefined,
  context: ReadContext,
): Label<'model'> | undefined {
  const checked = modelLabel(value, context.guard);
  if (checked === undefined || checked === requested || checked === '_OTHER') {
    return checked;
  }
  return context.isEcho(checked) ? modelLabel('', context.guard) : checked;
}
