import type { FailureType } from '../facts/enums';
import type { FailureOutcome } from '../retry/classify';

/** A request without a response, as enum values. Drops the original error, because it may quote keys and URLs. */
export class TransportFailure extends Error {
  readonly outcome: FailureOutcome;

  constructor(outcome: FailureOutcome) {
    super(outcome.errorType);
    this.outcome = outcome;
  }
}

/** @throws TransportFailure with the class of `error` */
export function asTransportFailure(error: unknown): never {
  throw new TransportFailure({ kind: 'failure', ...sortFailure(error) });
}

type Sorted = Pick<FailureOutcome, 'errorType' | 'sent' | 'cause'>;

const never = (errorType: FailureType, cause: Sorted['cause'] = 'connection'): Sorted => ({
  errorType,
  sent: 'never',
  cause,
});
const maybe = (errorType: FailureType, cause: Sorted['cause'] = 'connection'): Sorted => ({
  errorType,
  sent: 'maybe',
  cause,
});

/** Error codes of Node, undici and TLS. After `never`, a retry cannot cause double billing; after `maybe`, it can. */
const BY_CODE: Readonly<Record<string, Sorted>> = {
  ECONNREFUSED: never('connection_refused'),
  ENOTFOUND: never('dns_error', 'dns'),
  EAI_AGAIN: never('dns_error', 'dns'),
  EAI_FAIL: never('dns_error', 'dns'),
  ENODATA: never('dns_error', 'dns'),
  UND_ERR_CONNECT_TIMEOUT: never('timeout'),
  EHOSTUNREACH: never('network_error'),
  ENETUNREACH: never('network_error'),
  ENETDOWN: never('network_error'),
  EHOSTDOWN: never('network_error'),
  EADDRNOTAVAIL: never('network_error'),
  EMFILE: never('network_error'),
  ENFILE: never('network_error'),
  ECONNRESET: maybe('connection_reset'),
  ECONNABORTED: maybe('connection_reset'),
  EPIPE: maybe('connection_reset'),
  ETIMEDOUT: maybe('timeout'),
  UND_ERR_SOCKET: maybe('connection_reset'),
  UND_ERR_CLOSED: maybe('connection_reset'),
  UND_ERR_DESTROYED: maybe('connection_reset'),
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: maybe('connection_reset'),
  ConnectionRefused: never('connection_refused'),
  ConnectionClosed: maybe('connection_reset'),
  // Timeouts of the platform, not of this client. They are reported as such and not retried.
  UND_ERR_HEADERS_TIMEOUT: maybe('timeout', 'platform_limit'),
  UND_ERR_BODY_TIMEOUT: maybe('timeout', 'platform_limit'),
  UND_ERR_HEADERS_OVERFLOW: maybe('protocol_error', 'protocol'),
  UND_ERR_RES_EXCEEDED_MAX_SIZE: maybe('response_too_large', 'protocol'),
  // The platform rejects the request, so a retry fails in the same way.
  UND_ERR_INVALID_ARG: never('_OTHER', 'other'),
  UND_ERR_NOT_SUPPORTED: never('_OTHER', 'other'),
  DEPTH_ZERO_SELF_SIGNED_CERT: never('tls_error', 'tls'),
  SELF_SIGNED_CERT_IN_CHAIN: never('tls_error', 'tls'),
  HOSTNAME_MISMATCH: never('tls_error', 'tls'),
  INVALID_CA: never('tls_error', 'tls'),
  INVALID_PURPOSE: never('tls_error', 'tls'),
  EPROTO: never('tls_error', 'tls'),
};

/** Message texts of network failures on platforms without error codes. */
const NETWORK_MESSAGE = /fetch failed|failed to fetch|network|load failed|terminated|socket|connection/i;

/** Maximum depth of a chain of causes. A longer chain is a loop. */
const MAX_CAUSES = 8;

/** Classifies an error of a transport. Accepts any value, and never throws. */
export function sortFailure(error: unknown): Sorted {
  let current = error;
  // Fetch reports a network failure without a code as a TypeError. Other errors are bugs, not network failures.
  let isNetwork = false;
  for (let depth = 0; depth < MAX_CAUSES && typeof current === 'object' && current !== null; depth++) {
    const sorted = sortCode(current);
    if (sorted !== undefined) {
      return sorted;
    }
    isNetwork ||= current instanceof TypeError && NETWORK_MESSAGE.test(String(property(current, 'message')));
    current = firstOf(current) ?? property(current, 'cause');
  }
  return isNetwork ? maybe('network_error') : maybe('_OTHER', 'other');
}

function sortCode(error: object): Sorted | undefined {
  const code = property(error, 'code');
  if (typeof code !== 'string') {
    return isCodelessProtocolError(error) ? maybe('protocol_error', 'protocol') : undefined;
  }
  if (code === 'ETIMEDOUT' && property(error, 'syscall') === 'connect') {
    return never('timeout');
  }
  if (Object.hasOwn(BY_CODE, code)) {
    return BY_CODE[code];
  }
  // Error codes of Node's HTTP parser, zlib, zstd and brotli.
  if (/^(?:HPE_|Z_|ZSTD_|ERR__ERROR_)/.test(code)) {
    return maybe('protocol_error', 'protocol');
  }
  return /^(?:CERT_|CRL_|UNABLE_TO_|ERR_TLS_|ERR_SSL_)/.test(code) ? never('tls_error', 'tls') : undefined;
}

/** Two errors of undici have no code: for bytes that are not HTTP, and for too many content codings. */
function isCodelessProtocolError(error: object): boolean {
  const message = property(error, 'message');
  return (
    property(error, 'name') === 'HTTPParserError' ||
    (typeof message === 'string' && /too many content[- ](?:en)?codings/.test(message))
  );
}

/** Node tries several addresses and reports an AggregateError. The first error counts. */
function firstOf(error: object): unknown {
  const errors = property(error, 'errors');
  return Array.isArray(errors) ? errors[0] : undefined;
}

function property(value: object, name: string): unknown {
  try {
    return Reflect.get(value, name);
  } catch {
    // The accessor of a foreign error can throw. Then the property counts as absent.
    return undefined;
  }
}
