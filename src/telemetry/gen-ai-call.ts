import type { CallOpening } from '../facts/call-facts';
import type { Label } from '../facts/label';

/** `gen_ai.operation.name` of every interface we trace. */
export const OPERATION = 'chat';

/**
 * Whether a call generates, and so has a GenAI span. Listing models, counting tokens, and reading stored objects below
 * the same paths have HTTP spans only.
 */
export function isGenAiCall(call: CallOpening): boolean {
  return providerOf(call) !== undefined && call.method === 'POST' && call.routeTemplate !== '/v1/messages/count_tokens';
}

/** Whose interface the call speaks; `server.address` tells that the gateway answers. */
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

/** The model asked for. The conventions require one, so a request without one says `_OTHER`, as one with prose in its place does. */
export function requestModelOf(call: CallOpening): Label<'model'> | '_OTHER' {
  return call.request.model ?? '_OTHER';
}
