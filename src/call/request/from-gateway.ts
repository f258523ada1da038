import type { AgentFacts } from '../../facts/call-facts';
import type { AgentName } from '../../facts/enums';
import { type Identifier, identifier } from '../../facts/identifier';
import { HeaderList } from '../../transport/header-list';
import { readRequest, readRequestText } from '../../wire/read-request';
import type { Call } from '../call';
import { runCall } from '../run-call';
import { toResponse } from '../to-response';
import { echoCandidatesOf } from './echo-candidates';
import { failureReason } from './from-fetch';
import { knownUrl } from './known-url';
import { type ClientContext, prepareCall } from './prepare-call';

/** A request that the local gateway received and forwards to CometAPI. */
export interface GatewayRequest {
  /** On the origin of the base URL. */
  readonly url: string;
  readonly method: string;
  /** The headers to send upstream, without the API key. */
  readonly headers: Headers;
  /** The body as received, compressed or not. */
  readonly body: Uint8Array<ArrayBuffer> | undefined;
  /** The decoded body, only for reading facts; `undefined` if it could not be decoded. */
  readonly text: string | undefined;
  readonly credential: Exclude<Call['credential'], 'none'>;
  readonly signal: AbortSignal;
  readonly agent: { readonly name: AgentName; readonly version: string | undefined } | undefined;
  /** The conversation id from a header. Without one, the body is searched. */
  readonly conversationId: string | undefined;
  /** Called once the conversation of the request is known. */
  readonly plan: (conversationId: Identifier<'id'> | undefined) => GatewayPlan;
}

/** The local gateway's decisions about a request it forwards. */
export interface GatewayPlan {
  readonly maxRetries: number;
  /** True if the agent retries by itself. The request is then sent once. */
  readonly clientRetries: boolean;
  readonly runId: string;
  /** Called before the request is sent. */
  readonly prepared: (callId: Identifier<'id'>) => void;
}

/**
 * Forwards a request and returns the last response with its body unread.
 *
 * @throws the same errors as `fetch`
 */
export type GatewaySend = (request: GatewayRequest) => Promise<Response>;

/** Creates the entry point of the local gateway. It adds the API key and ignores default headers and `fetchOptions`. */
export function createGatewaySend(clientContext: ClientContext): GatewaySend {
  const { parts } = clientContext;
  return async (request) => {
    const { redactor } = parts.secrets;
    const { body, text } = request;
    const url = knownUrl(request.url) ?? new URL(request.url);
    const headers = new HeaderList(request.headers);
    const reading =
      text === undefined
        ? readRequest(undefined, body?.byteLength, redactor)
        : readRequestText(text, body?.byteLength ?? 0, redactor);
    const conversationId = identifier('id', request.conversationId, redactor) ?? reading.conversationId;
    const { maxRetries, clientRetries, runId, prepared } = request.plan(conversationId);
    const agent = agentFacts(request.agent, identifier('version', request.agent?.version, redactor));
    const call = prepareCall(
      {
        entryPoint: 'gateway',
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
        // A body that could not be decoded may contain any text.
        echoCandidates: body !== undefined && text === undefined ? undefined : echoCandidatesOf(text, headers, url),
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
      clientContext,
    );
    prepared(call.opening.callId);
    const result = await runCall(call, parts);
    if (result.kind === 'answer') {
      return toResponse(result.answer);
    }
    throw failureReason(result.facts, result.reason);
  };
}

function agentFacts(
  agent: GatewayRequest['agent'],
  version: Identifier<'version'> | undefined,
): AgentFacts | undefined {
  return agent === undefined ? undefined : { name: agent.name, ...(version !== undefined && { version }) };
}
