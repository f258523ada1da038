import type { EndpointFamily, RouteTemplate } from '../facts/words';

/** The harmless prompt of a documentation check (seed 000). */
export const HARMLESS_PROMPT = 'documentation contract validation';
const HARMLESS_INSTRUCTION = 'Reply with only OK.';
const MODEL_PLACEHOLDER = '<model-or-resource-id-from-docs>';
const HOST_PLACEHOLDER = '<api-host-from-docs>';
/** What stands for a credential in every record (seeds 001 and 003). */
export const API_KEY_PLACEHOLDER = '<API_KEY_PLACEHOLDER>';

/** The interfaces a minimal request can be made for. */
export type CheckedFamily = 'cometapi-text-chat' | 'cometapi-text-responses';

export const ROUTE_OF: Readonly<Record<CheckedFamily, RouteTemplate>> = {
  'cometapi-text-chat': '/v1/chat/completions',
  'cometapi-text-responses': '/v1/responses',
};

/** Tokens an answer may have: enough for "OK", and few to pay for. */
const MAX_CHAT_TOKENS = 8;
/** The smallest number the responses interface takes. */
const MAX_RESPONSES_TOKENS = 16;

/** The smallest documented request of an interface, with nothing in it that is anybody's. */
export function minimalBody(
  family: CheckedFamily,
  model: string,
  prompt: string = HARMLESS_PROMPT,
): Readonly<Record<string, unknown>> {
  return family === 'cometapi-text-chat'
    ? {
        model,
        messages: [
          { role: 'system', content: HARMLESS_INSTRUCTION },
          { role: 'user', content: prompt },
        ],
        max_tokens: MAX_CHAT_TOKENS,
      }
    : { model, instructions: HARMLESS_INSTRUCTION, input: prompt, max_output_tokens: MAX_RESPONSES_TOKENS };
}

export function isCheckedFamily(family: EndpointFamily): family is CheckedFamily {
  return Object.hasOwn(ROUTE_OF, family);
}

/** The minimal request as a command line: host, model and credential are placeholders. */
export function curlOf(family: CheckedFamily, credential: string, requestId?: string): string {
  const body = JSON.stringify(minimalBody(family, MODEL_PLACEHOLDER), undefined, 2).replaceAll('\n', '\n  ');
  return [
    `curl -sS -X POST "https://${HOST_PLACEHOLDER}${ROUTE_OF[family]}" \\`,
    `  -H "Authorization: Bearer ${credential}" \\`,
    '  -H "Content-Type: application/json" \\',
    ...(requestId === undefined ? [] : [`  -H "X-Request-ID: ${requestId}" \\`]),
    `  -d '${body}'`,
  ].join('\n');
}
