import { routeRow } from '../facts/endpoints';

/** A path that the gateway serves. Paths must match exactly; any other path gets a 404. */
export interface Route {
  readonly method: string;
  /** The API whose error shape clients of this path expect. */
  readonly dialect: 'openai' | 'anthropic';
}

export const HEALTH_PATH = '/healthz';

export function routeOf(path: string): Route | undefined {
  const row = routeRow(path);
  return row?.gateway === undefined ? undefined : { method: row.method, dialect: row.gateway };
}
