import { type EndpointFamily, FAMILIES, type KnownRoute } from '../../facts/endpoints';

/** The harmless prompt of a contract check. */
export const HARMLESS_PROMPT = 'documentation contract validation';
const HARMLESS_INSTRUCTION = 'Reply with only OK.';
const MODEL_PLACEHOLDER = '<model-or-resource-id-from-docs>';
const HOST_PLACEHOLDER = '<api-host-from-docs>';
/** Replaces the credential in every record. */
export const API_KEY_PLACEHOLDER = '<API_KEY_PLACEHOLDER>';

/** The families that smoke tests and contract checks support. */
export const CHECKED_FAMILIES = ['cometapi-text-chat', 'cometapi-text-responses'] as const;
export type CheckedFamily = (typeof CHECKED_FAMILIES)[number];

/** The name of a supported family in flags. */
export type CheckedName = (typeof FAMILIES)[CheckedFamily]['name'];
export const CHECKED_NAMES: readonly CheckedName[] = CHECKED_FAMILIES.map((family) => FAMILIES[family].name);

export function isCheckedFamily(family: EndpointFamily): family is CheckedFamily {
  return CHECKED_FAMILIES.some((checked) => checked === family);
}

/** Returns the supported family with this name, or with this route. */
export function checkedFamily(nameOrRoute: string): CheckedFamily | undefined {
  return CHECKED_FAMILIES.find(
    (family) => FAMILIES[family].name === nameOrRoute || MINIMAL_REQUESTS[family].route === nameOrRoute,
  );
}

/** Maximum output tokens: enough for "OK", and cheap. */
const MAX_CHAT_TOKENS = 8;
/** The smallest value that the Responses endpoint accepts. */
const MAX_RESPONSES_TOKENS = 16;

interface MinimalRequest {
  readonly route: KnownRoute;
  readonly credential: 'bearer' | 'x-api-key';
  /** Builds the body; absent for a GET request. */
  readonly body?: (model: string, prompt: string) => Readonly<Record<string, unknown>>;
}

/** The smallest documented requests, by family. They contain no user data. */
const MINIMAL_REQUESTS = {
  'cometapi-text-chat': {
    route: '/v1/chat/completions',
    credential: 'bearer',
    body: (model, prompt) => ({
      model,
      messages: [
        { role: 'system', content: HARMLESS_INSTRUCTION },
        { role: 'user', content: prompt },
      ],
      max_tokens: MAX_CHAT_TOKENS,
    }),
  },
  'cometapi-text-responses': {
    route: '/v1/responses',
    credential: 'bearer',
    body: (model, prompt) => ({
      model,
      instructions: HARMLESS_INSTRUCTION,
      input: prompt,
      max_output_tokens: MAX_RESPONSES_TOKENS,
    }),
  },
  'cometapi-anthropic-messages': {
    route: '/v1/messages',
    credential: 'x-api-key',
    body: (model, prompt) => ({
      model,
      max_tokens: MAX_CHAT_TOKENS,
      messages: [{ role: 'user', content: prompt }],
    }),
  },
  'cometapi-models': { route: '/v1/models', credential: 'bearer' },
} as const satisfies Partial<Readonly<Record<EndpointFamily, MinimalRequest>>>;

/** Returns the route of a family with a text endpoint. */
export function routeOfFamily(family: GeneratingFamily): KnownRoute {
  return MINIMAL_REQUESTS[family].route;
}

/** The families that generate text. */
export type GeneratingFamily = CheckedFamily | 'cometapi-anthropic-messages';

/** Returns the smallest documented request body of a family. */
export function minimalBody(
  family: GeneratingFamily,
  model: string,
  prompt: string = HARMLESS_PROMPT,
): Readonly<Record<string, unknown>> {
  return MINIMAL_REQUESTS[family].body(model, prompt);
}

/** Returns the smallest safe test of a family as a curl command with placeholders, or `null` if none is known. */
export function curlOf(family: CheckedFamily, credential: string, requestId?: string): string;
export function curlOf(family: EndpointFamily, credential: string, requestId?: string): string | null;
export function curlOf(family: EndpointFamily, credential: string, requestId?: string): string | null {
  const requests: Partial<Readonly<Record<EndpointFamily, MinimalRequest>>> = MINIMAL_REQUESTS;
  const minimal = requests[family];
  if (minimal === undefined) {
    return null;
  }
  const body = minimal.body?.(MODEL_PLACEHOLDER, HARMLESS_PROMPT);
  const headers = [
    minimal.credential === 'bearer' ? `Authorization: Bearer ${credential}` : `x-api-key: ${credential}`,
    ...(body === undefined ? [] : ['Content-Type: application/json']),
    ...(requestId === undefined ? [] : [`X-Request-ID: ${requestId}`]),
  ];
  return curl(minimal.route, headers, body);
}

function curl(route: KnownRoute, headers: readonly string[], body: object | undefined): string {
  const parts = [
    `curl -sS${body === undefined ? '' : ' -X POST'} "https://${HOST_PLACEHOLDER}${route}"`,
    ...headers.map((header) => `  -H "${header}"`),
    ...(body === undefined ? [] : [`  -d '${JSON.stringify(body, undefined, 2).replaceAll('\n', '\n  ')}'`]),
  ];
  return parts.join(' \\\n');
}
