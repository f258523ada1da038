import type { HttpMethod } from './enums';

/** The shape of requests, responses and streams. `wire/` has one reader for each. */
export type Protocol = 'chat' | 'responses' | 'messages' | 'plain';

export interface FamilyRow {
  /** The name in flags and records. */
  readonly name: string;
  readonly protocol: Protocol;
  /** The interface that the family belongs to: `gen_ai.provider.name`. Absent if the family generates no text. */
  readonly provider?: 'openai' | 'anthropic';
  /** `openai.api.type`. */
  readonly openaiApi?: 'chat_completions' | 'responses';
  /** The name of CometAPI's reference page. */
  readonly reference?: string;
  /**
   * The documented shape of a success response: the name of an array field, or the value of `object`. A response without
   * either is unexpected. Absent if responses may contain anything.
   */
  readonly answer?: { readonly array: string; readonly object?: string };
}

/** The kinds of endpoints. One row describes everything that depends on the kind. */
export const FAMILIES = {
  'cometapi-text-chat': {
    name: 'chat',
    protocol: 'chat',
    provider: 'openai',
    openaiApi: 'chat_completions',
    reference: 'chat-reference',
    answer: { array: 'choices' },
  },
  'cometapi-text-responses': {
    name: 'responses',
    protocol: 'responses',
    provider: 'openai',
    openaiApi: 'responses',
    reference: 'responses-reference',
    answer: { array: 'output', object: 'response' },
  },
  'cometapi-anthropic-messages': {
    name: 'messages',
    protocol: 'messages',
    provider: 'anthropic',
    reference: 'messages-reference',
    answer: { array: 'content' },
  },
  'cometapi-models': { name: 'models', protocol: 'plain', answer: { array: 'data' } },
  'cometapi-other': { name: 'other', protocol: 'plain' },
} as const satisfies Record<string, FamilyRow>;

/** The documented interface that a call used. */
export type EndpointFamily = keyof typeof FAMILIES;

/** The name of a family in flags and records. */
export type RequestFamily = (typeof FAMILIES)[EndpointFamily]['name'];

/** The documentation page of a family. */
export type ReferencePage = Extract<(typeof FAMILIES)[EndpointFamily], { readonly reference: string }>['reference'];

export const ENDPOINT_FAMILIES = Object.keys(FAMILIES) as readonly EndpointFamily[];
export const REQUEST_FAMILIES: readonly RequestFamily[] = ENDPOINT_FAMILIES.map((family) => FAMILIES[family].name);

/** The columns of a family, with absent ones as `undefined`. */
export function familyRow(family: EndpointFamily): FamilyRow {
  return FAMILIES[family];
}

/** The values of `gen_ai.operation.name`. */
export type GenAiOperation = 'chat' | 'embeddings';

interface RouteRow {
  readonly method: HttpMethod;
  readonly family: EndpointFamily;
  /** `gen_ai.operation.name`. Present if a request is billed and gets a GenAI span. */
  readonly operation?: GenAiOperation;
  /** The API whose error shape clients of the local gateway expect. Absent if the gateway does not serve the route. */
  readonly gateway?: 'openai' | 'anthropic';
}

/** The known routes. Any other path is the template `_OTHER` of the family `cometapi-other`. */
export const ROUTES = {
  '/v1/chat/completions': { method: 'POST', family: 'cometapi-text-chat', operation: 'chat', gateway: 'openai' },
  '/v1/responses': { method: 'POST', family: 'cometapi-text-responses', operation: 'chat', gateway: 'openai' },
  '/v1/models': { method: 'GET', family: 'cometapi-models', gateway: 'openai' },
  '/v1/messages': { method: 'POST', family: 'cometapi-anthropic-messages', operation: 'chat', gateway: 'anthropic' },
  '/v1/messages/count_tokens': { method: 'POST', family: 'cometapi-other', gateway: 'anthropic' },
  '/api/models': { method: 'GET', family: 'cometapi-other' },
} as const satisfies Record<string, RouteRow>;

export type KnownRoute = keyof typeof ROUTES;

/** Route templates: constants, never taken from a URL. `_OTHER` is any other path on the origin of the base URL. */
export type RouteTemplate = KnownRoute | '_OTHER';

export const KNOWN_ROUTES = Object.keys(ROUTES) as readonly KnownRoute[];
export const ROUTE_TEMPLATES: readonly RouteTemplate[] = [...KNOWN_ROUTES, '_OTHER'];

/** The row of a route. `undefined` for `_OTHER` and for paths that are not in the table. */
export function routeRow(route: string): RouteRow | undefined {
  return Object.hasOwn(ROUTES, route) ? ROUTES[route as KnownRoute] : undefined;
}
