import type { RecordedRequest } from './recorded-request';
import type { Settings } from './simulator-options';
import type { Steps } from './step';

/** The documented interfaces; `other` is every other path. */
export type Family = 'chat' | 'responses' | 'messages' | 'models' | 'other';

/** What a scenario may know when it decides what to do with a request. */
export interface Exchange {
  readonly request: RecordedRequest;
  readonly family: Family;
  /** The path without its query. */
  readonly pathname: string;
  /** The parsed body when it is a JSON object, else an empty one. */
  readonly fields: Readonly<Record<string, unknown>>;
  /** The caller asked for an event stream. */
  readonly stream: boolean;
  readonly tooLarge: boolean;
  readonly settings: Settings;
  /** Keys that are accepted. */
  readonly keys: ReadonlySet<string>;
  /** Ids of the responses this simulator has given out. */
  readonly responseIds: Set<string>;
}

/** What the simulated gateway does with one request. */
export interface Behavior {
  readonly steps: (exchange: Exchange) => Steps;
  /** The error code of a connection that never comes about. Only memory can do that; a socket is reset instead. */
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

/** The family of a path; own keys only, so that `/constructor` is no family. */
export function familyOf(pathname: string): Family {
  return Object.hasOwn(FAMILIES, pathname) ? (FAMILIES[pathname] ?? 'other') : 'other';
}

/** Whether a request is work that would be billed. */
export function isBillable(method: string, pathname: string): boolean {
  return method === 'POST' && ['/v1/chat/completions', '/v1/responses', '/v1/messages'].includes(pathname);
}
