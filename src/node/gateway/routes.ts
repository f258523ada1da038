/** A path that the gateway serves. Paths must match exactly; any other path gets a 404. */
export interface Route {
  readonly method: 'GET' | 'POST';
  /** The API whose error shape clients of this path expect. */
  readonly dialect: 'openai' | 'anthropic';
}

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/v1/chat/completions', { method: 'POST', dialect: 'openai' }],
  ['/v1/responses', { method: 'POST', dialect: 'openai' }],
  ['/v1/models', { method: 'GET', dialect: 'openai' }],
  ['/v1/messages', { method: 'POST', dialect: 'anthropic' }],
  ['/v1/messages/count_tokens', { method: 'POST', dialect: 'anthropic' }],
]);

export const HEALTH_PATH = '/healthz';

export function routeOf(path: string): Route | undefined {
  return ROUTES.get(path);
}
