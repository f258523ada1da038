import type { CallOpening } from '../facts/call-facts';
import { operationOf, requestModelOf } from './gen-ai-call';

/** Returns `{operation} {model}`, for example `chat gpt-5.1`. */
export function genAiSpanName(call: CallOpening): string {
  return `${operationOf(call)} ${requestModelOf(call)}`;
}

/** Returns `POST /v1/chat/completions`, or only the method if there is no route template. */
export function httpSpanName(call: CallOpening, urlTemplate: boolean): string {
  // The conventions use HTTP as the name of an unknown method.
  const method = call.method === '_OTHER' ? 'HTTP' : call.method;
  return urlTemplate && call.routeTemplate !== '_OTHER' ? `${method} ${call.routeTemplate}` : method;
}
