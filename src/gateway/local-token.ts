import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Shorter tokens are easy to guess, and too short to redact by value. */
const MIN_TOKEN_LENGTH = 8;
const GENERATED_BYTES = 32;

/** For agents that already use `Authorization`, such as Codex with a ChatGPT login. */
const TOKEN_HEADER = 'x-cometapi-gateway-token';

/** Returns a random token of 32 bytes, base64url-encoded. */
export function generateToken(): string {
  return randomBytes(GENERATED_BYTES).toString('base64url');
}

/** @throws TypeError if the token is invalid. The message does not contain the token. */
export function checkedToken(token: string): string {
  if (typeof token !== 'string' || token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      `The local gateway's token is invalid. Use at least ${MIN_TOKEN_LENGTH} printable ASCII characters, no spaces.`,
    );
  }
  return token;
}

/** The header in which a request sends the token. */
export type TokenPlace = 'authorization' | 'x-api-key' | 'token_header';

/**
 * Returns a function that finds the token in the headers that agents use. The time it takes
 * depends on the headers that were sent, not on the token.
 */
export function createTokenCheck(token: string): (headers: Headers) => TokenPlace | undefined {
  const expected = digest(token);
  const matches = (value: string | null | undefined): boolean =>
    value !== null && value !== undefined && timingSafeEqual(digest(value), expected);
  return (headers) => {
    const own = matches(headers.get(TOKEN_HEADER));
    const bearer = matches(/^bearer +(\S+)$/i.exec(headers.get('authorization') ?? '')?.[1]);
    const apiKey = matches(headers.get('x-api-key'));
    if (own) {
      return 'token_header';
    }
    return bearer ? 'authorization' : apiKey ? 'x-api-key' : undefined;
  };
}

/** A digest has a fixed length, so the comparison does not reveal the token's length. */
function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
