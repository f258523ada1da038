import type { Exchange } from './exchange';

/** Returns the error in the caller's credential, or `undefined` if it is accepted. */
export function checkAuthorization(exchange: Exchange): string | undefined {
  const { headers } = exchange.request;
  const apiKey = exchange.family === 'messages' ? headers['x-api-key'] : undefined;
  const bearer = headers['authorization'];
  if (apiKey === undefined && bearer === undefined) {
    return 'simulated: the API key is missing';
  }
  const key = apiKey ?? /^Bearer ([^\s]+)$/i.exec(bearer ?? '')?.[1];
  if (key === undefined) {
    return 'simulated: the Authorization header is malformed';
  }
  return exchange.keys.has(key) ? undefined : 'simulated: the API key is not known';
}
