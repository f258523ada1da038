/** What a host needs of a client: where to send, and the instrumented fetch to send with. A `CometAPI` is one. */
export interface HostClient {
  readonly baseURL: string;
  readonly fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>;
}

/** Hosts insist on a key; the client replaces this one by the real one on its way. */
export const KEY_PLACEHOLDER = 'cometapi-otel-placeholder';
