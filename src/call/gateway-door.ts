import type { AgentFacts } from '../facts/call-facts';
import { type Label, label } from '../facts/label';
import type { AgentName } from '../facts/words';
import { HeaderFields } from '../transport/header-fields';
import { readRequest, readRequestText } from '../wire/read-request';
import type { Call } from './call';
import { failureReason } from './fetch-door';
import { knownUrl } from './known-url';
import { type Preparation, prepareCall } from './prepare-call';
import { runCall } from './run-call';
import { sentTextsOf } from './sent-texts';
import { toResponse } from './to-response';

/** A request that came to the gateway and is to be sent on. */
export interface GatewayRequest {
  /** Below the base URL's origin. */
  readonly url: string;
  readonly method: string;
  /** What goes upstream, but for the key. */
  readonly headers: Headers;
  /** As it came, compressed or not. */
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** The body decoded, for tracing only; `undefined` when it could not be. */
  readonly text: string | undefined;
  readonly credential: Exclude<Call['credential'], 'none'>;
  readonly signal: AbortSignal;
  readonly agent: { readonly name: AgentName; readonly version: string | undefined } | undefined;
  /** What a header calls the conversation; the body is asked when none does. */
  readonly conversationId: string | undefined;
  /** Asked once it is known to which conversation the request belongs. */
  readonly plan: (conversationId: Label<'id'> | undefined) => GatewayPlan;
}

/** What the gateway decides about a request it sends on. */
export interface GatewayPlan {
  readonly maxRetries: number;
  /** The client sends it again by itself, so it is sent once here. */
  readonly clientRetries: boolean;
  readonly runId: string;
  /** Told before anything is sent. */
  readonly prepared: (callId: Label<'id'>) => void;
}

/**
 * Sends a request on and gives the last response with its body unread.
 *
 * @throws what fetch throws
 */
export type GatewayDoor = (request: GatewayRequest) => Promise<Response>;

/** The door of the gateway: adds the key and nothing else, whatever the client's options say. */
export function createGatewayDoor(preparation: Preparation): GatewayDoor {
  const { parts } = preparation;
  return async (request) => {
    const { guard } = parts.secrets;
    const { body, text } = request;
    const url = knownUrl(request.url) ?? new URL(request.url);
    const headers = new HeaderFields(request.headers);
    const reading =
      text === undefined
        ? readRequest(undefined, body?.byteLength, guard)
        : readRequestText(text, body?.byteLength ?? 0, guard);
    const conversationId = label('id', request.conversationId, guard) ?? reading.conversationId;
    const { maxRetries, clientRetries, runId, prepared } = request.plan(conversationId);
    const agent = agentFacts(request.agent, label('version', request.agent?.version, guard));
    const call = prepareCall(
      {
        door: 'gateway',
        from: {
          ...(conversationId !== undefined && { conversationId }),
          ...(agent !== undefined && { agent }),
        },
        url,
        method: request.method,
        headers,
        body,
        replayable: true,
        clientRetries,
        reading,
        // What could not be decoded could hold anything.
        sentTexts: body !== undefined && text === undefined ? undefined : sentTextsOf(text, headers, url),
        fetchOptions: undefined,
        signal: request.signal,
        credential: request.credential,
        sendsRetryCount: false,
        requestId: undefined,
        runId,
        attributes: undefined,
        limits: { maxRetries },
        wantsValue: false,
      },
      preparation,
    );
    prepared(call.opening.callId);
    const result = await runCall(call, parts);
    if (result.kind === 'answer') {
      return toResponse(result.answer);
    }
    throw failureReason(result.facts, result.reason);
  };
}

function agentFacts(agent: GatewayRequest['agent'], version: Label<'version'> | undefined): AgentFacts | undefined {
  return agent === undefined ? undefined : { name: agent.name, ...(version !== undefined && { version }) };
}
