import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

/** Shorter tokens could be guessed, and could not be redacted by value. */
const MIN_TOKEN_LENGTH = 8;
const GENERATED_BYTES = 32;

/** For clients whose Authorization is taken, such as Codex with a login of its own. */
const TOKEN_HEADER = 'x-cometapi-gateway-token';

/** A fresh token that nobody can guess. */
export function generateToken(): string {
  return randomBytes(GENERATED_BYTES).toString('base64url');
}

/** @throws TypeError when the token cannot be used; never with its value */
export function checkedToken(token: string): string {
  if (typeof token !== 'string' || token.length < MIN_TOKEN_LENGTH || !/^[\x21-\x7e]+$/.test(token)) {
    throw new TypeError(
      `The gateway's token must have at least ${MIN_TOKEN_LENGTH} characters, all of them printable ASCII without spaces.`,
    );
  }
  return token;
}

/** Where a request carried the gateway's token; `undefined` when nowhere. */
export type TokenPlace = 'authorization' | 'x-api-key' | 'token_header';

/** Looks for the token where agents put it. How long that takes tells where something was sent, and nothing of the token. */
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

/** Of equal length, so that the comparison tells nothing of the token's. */
function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
