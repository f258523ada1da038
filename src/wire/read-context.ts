import { type Identifier, type IdentifierKind, identifier, modelIdentifier } from '../facts/identifier';
import type { Redactor } from '../facts/redaction/redactor';

/**
 * Request data for the readers of responses. A server value that also occurs in the request may be an echo of the
 * caller's text, so it never becomes a label. See docs/decisions/0008-echo-rule.md.
 */
export interface ReadContext {
  readonly redactor: Redactor;
  /** True if the request could not be read. Then any server value could be an echo. */
  readonly isBlind: boolean;
  /** Returns true if `value` occurs in the request, or if the request could not be read. */
  isEcho(value: string): boolean;
}

/** Shorter values occur in many texts by chance, so they are not treated as echoes. */
const MIN_ECHO_LENGTH = 4;
/** Shorter parts of an identifier are counters, years and prefixes. */
const MIN_PART_LENGTH = 8;
/** The only prefix of the protocol with that length. */
const PREFIX = 'chatcmpl';
/** Maximum number of cached results. A stream repeats its id, model and fingerprint in every event. */
const MAX_REMEMBERED = 64;

/**
 * Ids that only a machine generates: hexadecimal, a UUID, a Cloudflare ray id, or CometAPI's form, which starts with
 * a timestamp. If the request could not be read, all other ids are dropped.
 */
const MACHINE_MADE =
  /^(?:[0-9a-fA-F]{16,64}(?:-[A-Z]{3})?|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|20\d{18,26}[A-Za-z0-9]{8})$/;

/** @param sent the texts of the request, or `undefined` if they could not be read, for example in a compressed body */
export function createReadContext(redactor: Redactor, sent: readonly string[] | undefined): ReadContext {
  const remembered = new Map<string, boolean>();
  const look = (value: string): boolean =>
    sent === undefined || (value.length >= MIN_ECHO_LENGTH && sent.some((text) => text.includes(value)));
  return {
    redactor,
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

/** Returns a server identifier as a label, or `undefined` for an echo. Ids and fingerprints must not contain one. */
export function serverIdentifier<Kind extends IdentifierKind>(
  kind: Kind,
  value: unknown,
  context: ReadContext,
): Identifier<Kind> | undefined {
  const checked = identifier(kind, value, context.redactor);
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

/** Splits an identifier into its long parts. A prefix such as `fp_` does not make an echoed value safe. */
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

/** Returns the model that answered. The requested model is not an echo, with or without its suffix. */
export function answeredModel(
  value: unknown,
  requested: Identifier<'model'> | undefined,
  context: ReadContext,
): Identifier<'model'> | undefined {
  const checked = modelIdentifier(value, context.redactor);
  if (checked === undefined || checked === '_OTHER' || requested?.includes(checked) === true) {
    return checked;
  }
  return context.isEcho(checked) ? modelIdentifier('', context.redactor) : checked;
}
