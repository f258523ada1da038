/** Hosts insist on a key; the client replaces this one by the real one on its way. */
export const KEY_PLACEHOLDER = 'cometapi-otel-placeholder';
