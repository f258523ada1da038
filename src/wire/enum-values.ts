import {
  FINISH_REASONS,
  type FinishReason,
  REQUEST_FIELDS,
  type RequestField,
  SERVER_CODES,
  SERVICE_TIERS,
  type ServerCode,
  type ServiceTier,
} from '../facts/enums';

const SERVER_CODE_SET: ReadonlySet<string> = new Set(SERVER_CODES);

/** More values of `error.type` and `error.code` from OpenAI-compatible servers. Only the error object contains them. */
const ERROR_VALUES: ReadonlySet<string> = new Set([
  ...SERVER_CODES,
  'api_error',
  'authentication_error',
  'comet_api_error',
  'engine_overloaded',
  'invalid_type',
  'invalid_value',
  'new_api_error',
  'not_found_error',
  'overloaded_error',
  'permission_error',
  'rate_limit_error',
  'requests',
  'slow_down',
  'timeout_error',
  'tokens',
  'unsupported_parameter',
  'unsupported_value',
  'upstream_error',
]);

const FINISH_REASON_SET: ReadonlySet<string> = new Set(FINISH_REASONS);

const SERVICE_TIER_SET: ReadonlySet<string> = new Set(SERVICE_TIERS);

const REQUEST_FIELD_SET: ReadonlySet<string> = new Set(REQUEST_FIELDS);

/** Returns a known enum value, `_OTHER` for any other text, and `undefined` for an empty text or another type. */
function closed<Word extends string>(value: unknown, words: ReadonlySet<string>): Word | '_OTHER' | undefined {
  if (typeof value !== 'string' || value === '') {
    return undefined;
  }
  // Membership in the set proves the type.
  return words.has(value) ? (value as Word) : '_OTHER';
}

export const serverCode = (value: unknown): ServerCode | undefined => closed<ServerCode>(value, SERVER_CODE_SET);
export const finishReason = (value: unknown): FinishReason | undefined =>
  closed<FinishReason>(value, FINISH_REASON_SET);
export const serviceTier = (value: unknown): ServiceTier | undefined => closed<ServiceTier>(value, SERVICE_TIER_SET);

export function isErrorValue(word: string): boolean {
  return ERROR_VALUES.has(word);
}

export function isRequestField(name: string): name is RequestField {
  return REQUEST_FIELD_SET.has(name);
}
