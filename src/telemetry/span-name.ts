import type { CallOpening } from '../facts/call-facts';
import { OPERATION, requestModelOf } from './gen-ai-call';

/** `chat {model}`. */
export function genAiSpanName(call: CallOpening): string {
  return `${OPERATION} ${requestModelOf(call)}`;
}

/** `POST /v1/chat/completions`, or the bare method where there is no template of ours. */
export function httpSpanName(call: CallOpening, urlTemplate: boolean): string {
  // The conventions write HTTP for a method outside their list.
  const method = call.method === '_OTHER' ? 'HTTP' : call.method;
  return urlTemplate && call.routeTemplate !== '_OTHER' ? `${method} ${call.routeTemplate}` : method;
}
