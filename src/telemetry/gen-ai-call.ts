import type { CallOpening } from '../facts/call-facts';
import { familyRow, type GenAiOperation, routeRow } from '../facts/endpoints';
import type { Identifier } from '../facts/identifier';

/**
 * True if the call generates text and so gets a GenAI span. Calls that list models, count tokens or read stored objects
 * get HTTP spans only.
 */
export function isGenAiCall(call: CallOpening): boolean {
  const row = routeRow(call.routeTemplate);
  return row?.operation !== undefined && row.method === call.method;
}

/** Returns the operation of a GenAI call. */
export function operationOf(call: CallOpening): GenAiOperation {
  return routeRow(call.routeTemplate)?.operation ?? 'chat';
}

/** Returns the provider whose interface the call uses. `server.address` identifies CometAPI. */
export function providerOf(call: CallOpening): 'openai' | 'anthropic' | undefined {
  return familyRow(call.family).provider;
}

/** Returns the requested model. The conventions require a value, so a request without a model gets `_OTHER`. */
export function requestModelOf(call: CallOpening): Identifier<'model'> | '_OTHER' {
  return call.request.model ?? '_OTHER';
}
