import { checkAuthorization } from './authorization';
import { htmlPage, jsonBody, wholeBody } from './bodies/body-steps';
import { errorAnswer, requestIdHeaders } from './bodies/error-body';
import { modelList } from './bodies/models-body';
import type { Exchange } from './exchange';
import { unknownParameter } from './known-parameters';
import type { Steps } from './step';

/**
 * Returns the documented answer for requests that reach no model: wrong path, model list, missing or invalid key, body
 * too large or invalid. Returns `undefined` for a valid model request.
 */
export function contractAnswer(exchange: Exchange): Steps | undefined {
  const { request, pathname, family } = exchange;
  if (family === 'other' || request.method !== (family === 'models' ? 'GET' : 'POST')) {
    return wrongPathAnswer(exchange);
  }
  if (pathname === '/api/models') {
    return jsonBody(200, modelList(exchange.settings.models), requestIdHeaders(exchange));
  }
  const problem = checkAuthorization(exchange);
  if (problem !== undefined) {
    return errorAnswer(exchange, { status: 401, message: problem });
  }
  if (family === 'models') {
    return jsonBody(200, modelList(exchange.settings.models), requestIdHeaders(exchange));
  }
  if (exchange.tooLarge) {
    return errorAnswer(exchange, { status: 413, message: 'simulated: the request body is too large' });
  }
  const invalid = findInvalid(exchange);
  return invalid === undefined ? undefined : errorAnswer(exchange, { status: 400, ...invalid });
}

/**
 * Answers an unknown path. On a wrong base URL, CometAPI usually sends a redirect or a page, rarely a JSON 404. The
 * redirect stays on this host, so no request leaves the test.
 */
function wrongPathAnswer(exchange: Exchange): Steps {
  if (exchange.pathname === '/') {
    return htmlPage(200);
  }
  switch (exchange.settings.wrongPath) {
    case '301':
      return wholeBody(301, '', '', [['location', '/'], ...requestIdHeaders(exchange)]);
    case 'html200':
      return htmlPage(200, requestIdHeaders(exchange));
    case 'json404':
      return errorAnswer(exchange, { status: 404, message: 'simulated: no such path' });
    default: {
      const never: never = exchange.settings.wrongPath;
      return never;
    }
  }
}

/** Returns the first error in the body. Only the message for a missing model is documented. */
function findInvalid(exchange: Exchange): { readonly message: string; readonly code?: string } | undefined {
  const { fields, family, request } = exchange;
  if (typeof request.json !== 'object' || request.json === null || Array.isArray(request.json)) {
    return { message: 'simulated: the request body is not a JSON object' };
  }
  const { model, stream, messages, input, previous_response_id: previousId } = fields;
  if (model === undefined || model === null || model === '') {
    return { message: 'model name is required' };
  }
  if (typeof model !== 'string') {
    return { message: 'simulated: model must be a string' };
  }
  if (stream !== undefined && stream !== null && typeof stream !== 'boolean') {
    return { message: 'simulated: stream must be a boolean' };
  }
  if (family === 'responses' && !(typeof input === 'string' || Array.isArray(input))) {
    return { message: 'simulated: input is required' };
  }
  if (family !== 'responses' && !(Array.isArray(messages) && messages.length > 0)) {
    return { message: 'simulated: messages is required' };
  }
  if (family === 'responses' && typeof previousId === 'string' && !exchange.responseIds.has(previousId)) {
    return { message: 'simulated: the previous response was not found' };
  }
  const unknown = exchange.settings.refuseUnknownParameters ? unknownParameter(family, fields) : undefined;
  return unknown === undefined ? undefined : { message: `simulated: unknown parameter ${unknown}` };
}
