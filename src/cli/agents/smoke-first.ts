import type { CallFacts } from '../../facts/call-facts';
import type { Recipe } from '../../gateway/recipes/recipe';
import { minimalBody, routeOfFamily } from '../../records/shared/minimal-request';

/** The result of the smoke request. */
export type SmokeResult = { readonly passed: true } | { readonly passed: false; readonly why: string };

/** The local gateway that the agent will use. */
export interface SmokePath {
  readonly baseURL: string;
  readonly token: string;
  /** Returns the facts of the last ended call. */
  readonly lastCall: () => CallFacts | undefined;
}

const TIMEOUT_MS = 120_000;

/** Sends one controlled request through the agent's gateway. Discards the response body. */
export async function smokeFirst(
  { baseURL, token, lastCall }: SmokePath,
  family: Recipe['family'],
  model: string,
): Promise<SmokeResult> {
  try {
    const answer = await fetch(`${baseURL.replace(/\/v1$/, '')}${routeOfFamily(family)}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'anthropic-version': '2023-06-01',
      },
      body: JSON.stringify(minimalBody(family, model)),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.arrayBuffer();
  } catch {
    // The facts of the call contain the failure.
  }
  return judged(lastCall());
}

/** Uses the facts of the call, not the status: a response with status 200 may contain an error. */
function judged(facts: CallFacts | undefined): SmokeResult {
  if (facts?.ending === 'completed') {
    return { passed: true };
  }
  const status = facts?.status === undefined ? '' : `${facts.status} `;
  return { passed: false, why: facts === undefined ? 'the request was not sent' : `${status}${facts.category}` };
}
