import { FAMILIES, type RequestFamily, routeRow } from '../facts/endpoints';
import type { RecordedRequest } from './recorded-request';
import type { Settings } from './simulator-options';
import type { Steps } from './step';

/** The group of endpoints that a path belongs to. `other` is every undocumented path. */
export type Family = RequestFamily;

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

/** Routes that share the behavior of a family, although their calls are recorded as `other`. */
const SIMILAR: Readonly<Record<string, Family>> = {
  '/v1/messages/count_tokens': 'messages',
  '/api/models': 'models',
};

/** Returns the family of a path. Reads own keys only, because `/constructor` must not match. */
export function familyOf(pathname: string): Family {
  const row = routeRow(pathname);
  if (row === undefined) {
    return 'other';
  }
  return (Object.hasOwn(SIMILAR, pathname) ? SIMILAR[pathname] : undefined) ?? FAMILIES[row.family].name;
}

/** True if CometAPI would bill the request. */
export function isBillable(method: string, pathname: string): boolean {
  const row = routeRow(pathname);
  return row?.method === method && row.operation !== undefined;
}
