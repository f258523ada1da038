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
  return curl(ROUTE_OF[family], {
    headers: [
      `Authorization: Bearer ${credential}`,
      'Content-Type: application/json',
      ...(requestId === undefined ? [] : [`X-Request-ID: ${requestId}`]),
    ],
    body: minimalBody(family, MODEL_PLACEHOLDER),
  });
}

/** The smallest safe test of any documented interface; `null` where none is documented here. */
export function reproductionOf(family: EndpointFamily, credential: string): string | null {
  if (isCheckedFamily(family)) {
    return curlOf(family, credential);
  }
  switch (family) {
    case 'cometapi-anthropic-messages':
      return curl('/v1/messages', {
        headers: [`x-api-key: ${credential}`, 'Content-Type: application/json'],
        body: {
          model: MODEL_PLACEHOLDER,
          max_tokens: MAX_CHAT_TOKENS,
          messages: [{ role: 'user', content: HARMLESS_PROMPT }],
        },
      });
    case 'cometapi-models':
      return curl('/v1/models', { headers: [`Authorization: Bearer ${credential}`] });
    default:
      return null;
  }
}

function curl(route: RouteTemplate, request: { readonly headers: readonly string[]; readonly body?: object }): string {
  const { headers, body } = request;
  const parts = [
    `curl -sS${body === undefined ? '' : ' -X POST'} "https://${HOST_PLACEHOLDER}${route}"`,
    ...headers.map((header) => `  -H "${header}"`),
    ...(body === undefined ? [] : [`  -d '${JSON.stringify(body, undefined, 2).replaceAll('\n', '\n  ')}'`]),
  ];
  return parts.join(' \\\n');
}
