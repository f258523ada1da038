import type { CallFacts } from 'cometapi-otel';
import { minimalBody, ROUTE_OF } from '../../../records/minimal-request';
import type { Recipe } from './recipes/recipe';

/** What came of the request before the agent. */
export type SmokeResult = { readonly passed: true } | { readonly passed: false; readonly why: string };

/** The way the agent will go. */
export interface SmokePath {
  readonly baseURL: string;
  readonly token: string;
  /** Facts of the call that ended last. */
  readonly lastCall: () => CallFacts | undefined;
}

const MAX_TOKENS = 16;
const TIMEOUT_MS = 120_000;

/** Sends one controlled request through the gateway the agent will use; nothing of the answer is kept. */
export async function smokeFirst(
  { baseURL, token, lastCall }: SmokePath,
  family: Recipe['family'],
  model: string,
): Promise<SmokeResult> {
  const path = family === 'cometapi-anthropic-messages' ? '/v1/messages' : ROUTE_OF[family];
  const body =
    family === 'cometapi-anthropic-messages'
      ? { model, max_tokens: MAX_TOKENS, messages: [{ role: 'user', content: 'documentation contract validation' }] }
      : minimalBody(family, model);
  try {
    const answer = await fetch(`${baseURL.replace(/\/v1$/, '')}${path}`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        'content-type': 'application/json',
        'anthropic-version': '2023-06-01',
      },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await answer.arrayBuffer();
  } catch {
    // The call has ended with what broke it.
  }
  return judged(lastCall());
}

/** What the gateway saw decides: a status of 200 may hold an error. */
function judged(facts: CallFacts | undefined): SmokeResult {
  if (facts?.ending === 'completed') {
    return { passed: true };
  }
  const status = facts?.status === undefined ? '' : `${facts.status} `;
  return { passed: false, why: facts === undefined ? 'it was not sent' : `${status}${facts.category}` };
}
