import type { RecordedRequest } from './recorded-request';
import type { Settings } from './simulator-options';
import type { Steps } from './step';

/** The group of endpoints that a path belongs to. `other` is every undocumented path. */
export type Family = 'chat' | 'responses' | 'messages' | 'models' | 'other';

/** The inputs of a scenario for one request. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly family: Family;
  /** The path without its query. */
  readonly pathname: string;
  /** The parsed body if it is a JSON object, else an empty object. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** True if the client requests an event stream. */
  readonly stream: boolean;
  readonly tooLarge: boolean;
  readonly settings: Settings;
  /** The accepted API keys. */
  readonly keys: ReadonlySet<string>;
  /** Ids of the responses that this simulator has returned. */
  readonly responseIds: Set<string>;
}

/** The simulated behavior for one request. */
export interface Behavior {
  readonly steps: (exchange: Exchange) => Steps;
  /** Error code of a connection that fails to open. Only possible in memory; a socket is reset instead. */
  readonly unreachable?: string;
}

const FAMILIES: Readonly<Record<string, Family>> = {
  '/v1/chat/completions': 'chat',
  '/v1/responses': 'responses',
  '/v1/messages': 'messages',
  '/v1/messages/count_tokens': 'messages',
  '/v1/models': 'models',
  '/api/models': 'models',
};

/** Returns the family of a path. Checks own keys only, because `/constructor` must not match. */
export function familyOf(pathname: string): Family {
  return Object.hasOwn(FAMILIES, pathname) ? (FAMILIES[pathname] ?? 'other') : 'other';
}

/** True if CometAPI would bill the request. */
export function isBillable(method: string, pathname: string): boolean {
  return method === 'POST' && ['/v1/chat/completions', '/v1/responses', '/v1/messages'].includes(pathname);
}
