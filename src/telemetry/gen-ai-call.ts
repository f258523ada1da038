import type { CallOpening } from '../facts/call-facts';
import type { Label } from '../facts/label';

/** The value of `gen_ai.operation.name` for all GenAI spans. */
export const OPERATION = 'chat';

/**
 * True if the call generates text and so gets a GenAI span. Calls that list models, count tokens or read stored objects
 * get HTTP spans only.
 */
export function isGenAiCall(call: CallOpening): boolean {
  return providerOf(call) !== undefined && call.method === 'POST' && call.routeTemplate !== '/v1/messages/count_tokens';
}

/** Returns the provider whose interface the call uses. `server.address` identifies CometAPI. */
export function providerOf(call: CallOpening): 'openai' | 'anthropic' | undefined {
  switch (call.family) {
    case 'cometapi-text-chat':
    case 'cometapi-text-responses':
      return 'openai';
    case 'cometapi-anthropic-messages':
      return 'anthropic';
    case 'cometapi-models':
    case 'cometapi-other':
      return undefined;
  }
}

/** Returns the requested model. The conventions require a value, so a request without a model gets `_OTHER`. */
export function requestModelOf(call: CallOpening): Label<'model'> | '_OTHER' {
  return call.request.model ?? '_OTHER';
}
