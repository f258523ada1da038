import type {
  AttemptFacts,
  CallFacts,
  RequestFacts,
  ResponseFacts,
  SettingsFacts,
  UsageFacts,
} from '../../facts/call-facts';
import { FAMILIES } from '../../facts/endpoints';
import { ENDINGS, UPSTREAMS } from '../../facts/enums';
import { looksSecret } from '../../facts/redaction/secret-shapes';
import { isErrorCategory, SCHEMA_VERSION } from '../shared/enums';
import type { RecordEnvironment } from '../shared/envelope';
import type { LibraryVersion } from '../shared/library';
import type { RuntimeVersion } from '../shared/record-source';
import type { CallRecord } from './call-record';

/** An object with known field names and unchecked values. */
type Unchecked<Shape> = { readonly [Name in keyof Shape]?: unknown };

/** Every match is a date that `Date.parse` accepts, because builders calculate with times. */
const TIMESTAMP = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3])(?::[0-5]\d){2}(?:\.\d{3})?Z$/;
/**
 * Words of up to 16 letters, a status code, or a path of such words. A newer version may add enum values, so unknown ones are
 * accepted. Prose, identifiers and keys do not match.
 */
const ENUM_VALUE =
  /^(?:_?[A-Za-z]{1,16}\d{0,2}(?:[_-][A-Za-z]{1,16}\d{0,2}){0,7}|\d{3}|(?:\/(?:v\d{1,2}|[a-z_]{1,24})){1,6})$/;
/** Enum values repeat on every line, so each is matched once. The limit bounds memory for a file of made-up values. */
const MAX_ENUM_VALUES = 1_000;
const enumValues = new Set<string>();

/** The longest identifiers are URLs. */
const MAX_TEXT = 1_024;

const KNOWN_ENDINGS: readonly unknown[] = ENDINGS;
const KNOWN_UPSTREAMS: readonly unknown[] = UPSTREAMS;

/**
 * True if every field of a call record has the type of its fact, and every enum value has the form of one. The characters of
 * identifiers are the caller's task: see `plain-text.ts`. Only `records verify` checks the whole schema.
 *
 * Runs on every line, so each field is tested by name: a loop over a table of fields takes three times as long.
 */
export function isCallRecord(value: unknown): value is CallRecord {
  return (
    isObject<CallRecord>(value) &&
    value.record === 'call' &&
    value.schema_version === SCHEMA_VERSION &&
    isText(value.record_id) &&
    Number.isFinite(value.seq) &&
    isTimestamp(value.ts) &&
    Number.isFinite(value.mono_ms) &&
    isNamedVersion(value.library) &&
    isEnvironment(value.environment) &&
    isTextOrNull(value.run_id) &&
    isTextOrNull(value.workflow) &&
    isFacts(value.facts) &&
    isEnumValue(value.redaction_check)
  );
}

function isEnvironment(value: unknown): boolean {
  return (
    isObject<RecordEnvironment>(value) &&
    KNOWN_UPSTREAMS.includes(value.upstream) &&
    isTextOrNull(value.name) &&
    (value.runtime === null || isRuntime(value.runtime)) &&
    (value.os === null || isEnumValue(value.os)) &&
    Array.isArray(value.sdks) &&
    value.sdks.every(isNamedVersion)
  );
}

function isNamedVersion(value: unknown): boolean {
  return isObject<LibraryVersion>(value) && isText(value.name) && isText(value.version);
}

function isRuntime(value: unknown): boolean {
  return isObject<RuntimeVersion>(value) && isEnumValue(value.name) && isText(value.version);
}

function isFacts(value: unknown): boolean {
  return isObject<CallFacts>(value) && isOpening(value) && isResult(value) && hasValidOptions(value);
}

function isOpening(facts: Unchecked<CallFacts>): boolean {
  return (
    isText(facts.callId) &&
    isTimestamp(facts.startedAt) &&
    Object.hasOwn(FAMILIES, String(facts.family)) &&
    isEnumValue(facts.method) &&
    isEnumValue(facts.routeTemplate) &&
    KNOWN_UPSTREAMS.includes(facts.upstream) &&
    isText(facts.serverAddress) &&
    Number.isFinite(facts.serverPort) &&
    isText(facts.urlFull) &&
    typeof facts.stream === 'boolean' &&
    isRequest(facts.request) &&
    isSettings(facts.settings) &&
    Number.isFinite(facts.outerRetryCount) &&
    isEnumValue(facts.entryPoint) &&
    Array.isArray(facts.attributes) &&
    facts.attributes.every(isAttribute) &&
    Number.isFinite(facts.droppedAttributes)
  );
}

function isResult(facts: Unchecked<CallFacts>): boolean {
  return (
    isTimestamp(facts.endedAt) &&
    Number.isFinite(facts.durationMs) &&
    Array.isArray(facts.attempts) &&
    facts.attempts.every(isAttempt) &&
    KNOWN_ENDINGS.includes(facts.ending) &&
    isEnumValue(facts.endingReason) &&
    isErrorCategory(facts.category) &&
    isEnumValue(facts.phase) &&
    typeof facts.maybeSentTwice === 'boolean'
  );
}

function hasValidOptions(facts: Unchecked<CallFacts>): boolean {
  return (
    isTextOrAbsent(facts.conversationId) &&
    (facts.agent === undefined || isAgent(facts.agent)) &&
    isTextOrAbsent(facts.traceId) &&
    isTextOrAbsent(facts.spanId) &&
    isEnumValueOrAbsent(facts.errorType) &&
    isNumberOrAbsent(facts.status) &&
    isEnumValueOrAbsent(facts.contentKind) &&
    isEnumValueOrAbsent(facts.serverCode) &&
    isTextOrAbsent(facts.requestId) &&
    isEnumValueOrAbsent(facts.requestIdSource) &&
    (facts.response === undefined || isResponse(facts.response)) &&
    isNumberOrAbsent(facts.timeToFirstChunkMs) &&
    isNumberOrAbsent(facts.eventCount) &&
    isNumberOrAbsent(facts.responseBytes) &&
    isNumberOrAbsent(facts.retryAfterMs)
  );
}

function isAgent(value: unknown): boolean {
  return isObject<NonNullable<CallFacts['agent']>>(value) && isEnumValue(value.name) && isTextOrAbsent(value.version);
}

function isAttribute(value: unknown): boolean {
  return (
    isObject<CallFacts['attributes'][number]>(value) &&
    isText(value.name) &&
    (isText(value.value) || typeof value.value === 'boolean' || Number.isFinite(value.value))
  );
}

function isRequest(value: unknown): boolean {
  return (
    isObject<RequestFacts>(value) &&
    areEnumValues(value.fields) &&
    Number.isFinite(value.otherFieldCount) &&
    isTextOrAbsent(value.model) &&
    isNumberOrAbsent(value.choiceCount) &&
    isNumberOrAbsent(value.seed) &&
    isNumberOrAbsent(value.maxTokens) &&
    isNumberOrAbsent(value.temperature) &&
    isNumberOrAbsent(value.topP) &&
    isNumberOrAbsent(value.frequencyPenalty) &&
    isNumberOrAbsent(value.presencePenalty) &&
    isEnumValueOrAbsent(value.outputType) &&
    isEnumValueOrAbsent(value.serviceTier) &&
    isNumberOrAbsent(value.messageCount) &&
    isNumberOrAbsent(value.toolCount) &&
    isNumberOrAbsent(value.bodyBytes)
  );
}

function isResponse(value: unknown): boolean {
  return (
    isObject<ResponseFacts>(value) &&
    isTextOrAbsent(value.id) &&
    isTextOrAbsent(value.model) &&
    (value.finishReasons === undefined || areEnumValues(value.finishReasons)) &&
    isEnumValueOrAbsent(value.serviceTier) &&
    isTextOrAbsent(value.systemFingerprint) &&
    (value.usage === undefined || isUsage(value.usage))
  );
}

function isUsage(value: unknown): boolean {
  return (
    isObject<UsageFacts>(value) &&
    isNumberOrAbsent(value.inputTokens) &&
    isNumberOrAbsent(value.outputTokens) &&
    isNumberOrAbsent(value.totalTokens) &&
    isNumberOrAbsent(value.cacheReadInputTokens) &&
    isNumberOrAbsent(value.cacheCreationInputTokens) &&
    isNumberOrAbsent(value.reasoningOutputTokens)
  );
}

function isSettings(value: unknown): boolean {
  return (
    isObject<SettingsFacts>(value) &&
    Number.isFinite(value.maxAttempts) &&
    isEnumValue(value.retry) &&
    Number.isFinite(value.headerTimeoutMs) &&
    Number.isFinite(value.deadlineMs) &&
    Number.isFinite(value.idleTimeoutMs) &&
    Number.isFinite(value.maxStreamMs) &&
    Number.isFinite(value.maxRetryAfterMs) &&
    Number.isFinite(value.backoffBaseMs) &&
    Number.isFinite(value.backoffCapMs) &&
    typeof value.retryBudget === 'boolean' &&
    Number.isFinite(value.maxConnections) &&
    isEnumValue(value.transport) &&
    typeof value.telemetry === 'boolean' &&
    typeof value.propagate === 'boolean' &&
    typeof value.openaiCompatible === 'boolean'
  );
}

function isAttempt(value: unknown): boolean {
  return (
    isObject<AttemptFacts>(value) &&
    Number.isFinite(value.index) &&
    Number.isFinite(value.startOffsetMs) &&
    Number.isFinite(value.durationMs) &&
    isErrorCategory(value.category) &&
    isEnumValue(value.phase) &&
    isEnumValue(value.decision) &&
    isEnumValue(value.because) &&
    typeof value.maybeSentTwice === 'boolean' &&
    isNumberOrAbsent(value.status) &&
    isEnumValueOrAbsent(value.errorType) &&
    isEnumValueOrAbsent(value.contentKind) &&
    isEnumValueOrAbsent(value.serverCode) &&
    isTextOrAbsent(value.requestId) &&
    isEnumValueOrAbsent(value.requestIdSource) &&
    isNumberOrAbsent(value.delayMs) &&
    isEnumValueOrAbsent(value.delayOrigin) &&
    isNumberOrAbsent(value.retryAfterMs) &&
    isNumberOrAbsent(value.retryBudgetLeft)
  );
}

function isObject<Shape>(value: unknown): value is Unchecked<Shape> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isText(value: unknown): boolean {
  return typeof value === 'string' && value.length > 0 && value.length <= MAX_TEXT;
}

function isTextOrNull(value: unknown): boolean {
  return value === null || isText(value);
}

function isTextOrAbsent(value: unknown): boolean {
  return value === undefined || isText(value);
}

/** JSON has no `NaN`, but `JSON.parse` reads `1e999` as `Infinity`. */
function isNumberOrAbsent(value: unknown): boolean {
  return value === undefined || Number.isFinite(value);
}

function isEnumValueOrAbsent(value: unknown): boolean {
  return value === undefined || isEnumValue(value);
}

function areEnumValues(value: unknown): boolean {
  return Array.isArray(value) && value.every(isEnumValue);
}

function isEnumValue(value: unknown): boolean {
  return typeof value === 'string' && (enumValues.has(value) || isNewEnumValue(value));
}

function isNewEnumValue(value: string): boolean {
  const isValid = ENUM_VALUE.test(value) && !looksSecret(value);
  if (isValid && enumValues.size < MAX_ENUM_VALUES) {
    enumValues.add(value);
  }
  return isValid;
}

function isTimestamp(value: unknown): boolean {
  return typeof value === 'string' && TIMESTAMP.test(value);
}
