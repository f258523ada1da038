/**
 * Words that claim what one call cannot prove: price, quota, uptime, latency, availability or cause.
 * Matching takes linear time: the pattern has only literal alternatives and no nested quantifier.
 */
const CLAIMS =
  /\b(?:pric(?:e[sd]?|ing)|costs?|bill(?:s|ed|ing)?|spend|quotas?|rate limits?|uptime|downtime|outages?|sla|latency guarantees?|latency targets?|guaranteed?|(?:model )?availab(?:le|ility)|unavailable|root causes?|production[- ]ready)\b/gi;

export const NEEDS_EVIDENCE = '[needs separate account-owned evidence]';

export interface CheckedClaims {
  readonly text: string;
  /** True if the text contained a claim. The record then needs a source for it. */
  readonly claimed: boolean;
}

/** Replaces claims with {@link NEEDS_EVIDENCE}. Keeps the text if `hasEvidence` is true. */
export function checkClaims(text: string, hasEvidence: boolean): CheckedClaims {
  const replaced = text.replace(CLAIMS, NEEDS_EVIDENCE);
  return { text: hasEvidence ? text : replaced, claimed: replaced !== text };
}
