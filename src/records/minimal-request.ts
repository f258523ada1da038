import type { EndpointFamily, RouteTemplate } from '../facts/words';

/** The harmless prompt of a contract check. */
export const HARMLESS_PROMPT = 'documentation contract validation';
const HARMLESS_INSTRUCTION = 'Reply with only OK.';
const MODEL_PLACEHOLDER = '<model-or-resource-id-from-docs>';
const HOST_PLACEHOLDER = '<api-host-from-docs>';
/** Replaces the credential in every record. */
export const API_KEY_PLACEHOLDER = '<API_KEY_PLACEHOLDER>';

/** Endpoint families with a known minimal request. */
export type CheckedFamily = 'cometapi-text-chat' | 'cometapi-text-responses';

export const ROUTE_OF: Readonly<Record<CheckedFamily, RouteTemplate>> = {
  'cometapi-text-chat': '/v1/chat/completions',
  'cometapi-text-responses': '/v1/responses',
};

/** Maximum output tokens: enough for "OK", and cheap. */
const MAX_CHAT_TOKENS = 8;
/** The smallest value that the Responses endpoint accepts. */
const MAX_RESPONSES_TOKENS = 16;

/** Returns the smallest documented request body of an endpoint family. It contains no user data. */
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

/** Returns the minimal request as a curl command with placeholders for host and model. */
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

/** Returns the smallest safe test of an endpoint family as a curl command, or `null` if none is known. */
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
