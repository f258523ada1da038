/**
 * Words with which a note claims what one call cannot show (seeds: price, quota, uptime, latency, availability, cause).
 * Linear: alternatives of literals, no nested quantifier.
 */
const CLAIMS =
  /\b(?:pric(?:e[sd]?|ing)|costs?|bill(?:s|ed|ing)?|spend|quotas?|rate limits?|uptime|downtime|outages?|sla|latency guarantees?|latency targets?|guaranteed?|(?:model )?availab(?:le|ility)|unavailable|root causes?|production[- ]ready)\b/gi;

export const NEEDS_EVIDENCE = '[needs separate account-owned evidence]';

export interface CheckedClaims {
  readonly text: string;
  /** Whether a claim was found, so that the record can ask for its source. */
  readonly claimed: boolean;
}

/** Replaces claims by {@link NEEDS_EVIDENCE}. With a source named, the words stay. */
export function checkClaims(text: string, hasEvidence: boolean): CheckedClaims {
  const replaced = text.replace(CLAIMS, NEEDS_EVIDENCE);
  return { text: hasEvidence ? text : replaced, claimed: replaced !== text };
}
