import { type Label, type LabelKind, label, modelLabel } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';

/**
 * What readers of answers need to know of the request: a value of the server that stands in what the caller sent is the
 * caller's text, echoed, and never becomes a label.
 */
export interface ReadContext {
  readonly guard: SecretGuard;
  /** Nobody could look at what was sent: anything could be an echo. */
  readonly isBlind: boolean;
  /** Whether `value` stands in what was sent. */
  isEcho(value: string): boolean;
}

/** Shorter values are too common in any text to say where they come from. */
const MIN_ECHO_LENGTH = 4;
/** Shorter parts of identifiers are counters, years and prefixes. */
const MIN_PART_LENGTH = 8;
/** The one long prefix of the protocol's own. */
const PREFIX = 'chatcmpl';
/** A stream repeats its id, model and fingerprint in every event; what was looked for once is remembered. */
const MAX_REMEMBERED = 64;

/**
 * Ids that are surely made by a machine: hexadecimal, a UUID, Cloudflare's ray, or the gateway's own form, which begins
 * with the second it was made in. All that is believed where nobody could look at what was sent.
 */
const MACHINE_MADE =
  /^(?:[0-9a-fA-F]{16,64}(?:-[A-Z]{3})?|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|20\d{18,26}[A-Za-z0-9]{8})$/;

/** @param sent the texts of the request; `undefined` when they could not be read, for example in a compressed body */
export function createReadContext(guard: SecretGuard, sent: readonly string[] | undefined): ReadContext {
  const remembered = new Map<string, boolean>();
  const look = (value: string): boolean =>
    sent === undefined || (value.length >= MIN_ECHO_LENGTH && sent.some((text) => text.includes(value)));
  return {
    guard,
    isBlind: sent === undefined,
    isEcho(value) {
      const known = remembered.get(value);
      const isEcho = known ?? look(value);
      if (known === undefined && remembered.size < MAX_REMEMBERED) {
        remembered.set(value, isEcho);
      }
      return isEcho;
    },
  };
}

/** A server's identifier as a label, unless it is an echo; an id or fingerprint may not even hold one. */
export function serverLabel<Kind extends LabelKind>(
  kind: Kind,
  value: unknown,
  context: ReadContext,
): Label<Kind> | undefined {
  const checked = label(kind, value, context.guard);
  if (checked === undefined) {
    return undefined;
  }
  const isMachineMade = kind === 'id' && MACHINE_MADE.test(checked);
  if (context.isBlind) {
    return isMachineMade ? checked : undefined;
  }
  const holdsEcho = kind !== 'name' && !isMachineMade && longParts(checked).some((part) => context.isEcho(part));
  return holdsEcho || context.isEcho(checked) ? undefined : checked;
}

/** `fp_` or `req-` before a word of the caller's makes it no less his. */
function longParts(value: string): readonly string[] {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at <= value.length; at++) {
    if (at < value.length && isLetterOrDigit(value.charCodeAt(at))) {
      continue;
    }
    const part = at - from >= MIN_PART_LENGTH ? value.slice(from, at) : PREFIX;
    if (part !== PREFIX) {
      parts.push(part);
    }
    from = at + 1;
  }
  return parts;
}

function isLetterOrDigit(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

/** The answered model; the one asked for may of course come back, whole or without its suffix. */
export function answeredModel(
  value: unknown,
  requested: Label<'model'> | undefined,
  context: ReadContext,
): Label<'model'> | undefined {
  const checked = modelLabel(value, context.guard);
  if (checked === undefined || checked === '_OTHER' || requested?.includes(checked) === true) {
    return checked;
  }
  return context.isEcho(checked) ? modelLabel('', context.guard) : checked;
}
