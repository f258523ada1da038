import type {
  AttemptFacts,
  AttributeFact,
  CallFacts,
  CallOpening,
  RequestFacts,
  ResponseFacts,
  SettingsFacts,
} from '../../src/facts/call-facts';
import {
  type Identifier,
  type IdentifierKind,
  identifier,
  modelIdentifier,
  timestampIdentifier,
} from '../../src/facts/identifier';
import type { AttemptOpening, CallObserver } from '../../src/facts/observer';
import { createRedactor } from '../../src/facts/redaction/redactor';

const REDACTOR = createRedactor();
const STARTED_AT = Date.UTC(2026, 10, 21, 12, 0, 0);

/** Returns a validated label. Throws an error that names an invalid fixture. */
export function anIdentifier<Kind extends IdentifierKind>(kind: Kind, value: string): Identifier<Kind> {
  const checked = identifier(kind, value, REDACTOR);
  if (checked === undefined) {
    throw new Error(`Invalid fixture: ${JSON.stringify(value)} is not a valid label of kind ${kind}.`);
  }
  return checked;
}

/** A model label, validated like a model name from a response. */
export function aModel(name: string): Identifier<'model'> {
  const checked = modelIdentifier(name, REDACTOR);
  if (checked === undefined) {
    throw new Error('Invalid fixture: the model name is not a valid label.');
  }
  return checked;
}

/** A telemetry attribute of the user. */
export function anAttribute(name: string, value: string | number | boolean): AttributeFact {
  return {
    name: anIdentifier('attribute_name', name),
    value: typeof value === 'string' ? anIdentifier('name', value) : value,
  };
}

/** The default settings of a client. */
export const SETTINGS: SettingsFacts = {
  maxAttempts: 3,
  retry: 'standard',
  headerTimeoutMs: 600_000,
  deadlineMs: 900_000,
  idleTimeoutMs: 120_000,
  maxStreamMs: 3_600_000,
  maxRetryAfterMs: 60_000,
  backoffBaseMs: 500,
  backoffCapMs: 8_000,
  retryBudget: true,
  maxConnections: 64,
  transport: 'fetch',
  telemetry: true,
  propagate: false,
  openaiCompatible: false,
};

const REQUEST: RequestFacts = {
  model: aModel('gpt-5.1'),
  fields: ['messages', 'model'],
  otherFieldCount: 0,
  messageCount: 1,
};

let calls = 0;

/** A chat call that was just opened. `given` overrides the defaults. */
export function aCall(given: Partial<CallOpening> = {}): CallOpening {
  calls += 1;
  const routeTemplate = given.routeTemplate ?? '/v1/chat/completions';
  return {
    callId: anIdentifier('id', `0192f0c1-2d3e-7000-8000-${String(calls).padStart(12, '0')}`),
    startedAt: timestampIdentifier(STARTED_AT),
    family: 'cometapi-text-chat',
    method: 'POST',
    routeTemplate,
    upstream: 'cometapi',
    serverAddress: anIdentifier('host', 'api.cometapi.com'),
    serverPort: 443,
    urlFull: anIdentifier('url', `https://api.cometapi.com${routeTemplate === '_OTHER' ? '/…' : routeTemplate}`),
    stream: false,
    request: REQUEST,
    settings: SETTINGS,
    outerRetryCount: 0,
    entryPoint: 'client',
    attributes: [],
    droppedAttributes: 0,
    ...given,
  };
}

/** A first attempt with status 200. `given` overrides the defaults. */
export function anAttempt(given: Partial<AttemptFacts> = {}): AttemptFacts {
  return {
    index: 1,
    startOffsetMs: 0,
    durationMs: 250,
    status: 200,
    category: 'none',
    phase: 'body',
    contentKind: 'json',
    decision: 'not_retried',
    because: 'success',
    maybeSentTwice: false,
    ...given,
  };
}

/** An attempt without a response, and without the facts of one. */
export function aFailedAttempt(given: Partial<AttemptFacts> & Pick<AttemptFacts, 'errorType'>): AttemptFacts {
  const { status: _status, contentKind: _contentKind, ...rest } = anAttempt();
  return { ...rest, category: 'connection', phase: 'connect', because: 'retryable_transport_failure', ...given };
}

/** The response facts of a complete chat answer. */
export const RESPONSE: ResponseFacts = {
  id: anIdentifier('id', 'chatcmpl-fixture-1'),
  model: aModel('gpt-5.1-2026-01-15'),
  finishReasons: ['stop'],
  usage: { inputTokens: 21, outputTokens: 9, totalTokens: 30 },
};

/** The facts of `call` after it completed. `given` overrides the defaults. */
export function closedCall(call: CallOpening, given: Partial<CallFacts> = {}): CallFacts {
  const attempts = given.attempts ?? [anAttempt()];
  const durationMs = given.durationMs ?? 300;
  return {
    ...call,
    endedAt: timestampIdentifier(STARTED_AT + durationMs),
    durationMs,
    attempts,
    ending: 'completed',
    endingReason: 'body_complete',
    category: 'none',
    phase: 'body',
    status: 200,
    contentKind: 'json',
    response: RESPONSE,
    maybeSentTwice: false,
    ...given,
  };
}

/** Notifies observers of a whole call, in the same order as a real call. */
export function playCall(observers: readonly CallObserver[], facts: CallFacts): void {
  const tell = (action: (observer: CallObserver) => void): void => observers.forEach(action);
  tell((observer) => observer.callOpened?.(facts));
  for (const attempt of facts.attempts) {
    const opening: AttemptOpening = { index: attempt.index, startOffsetMs: attempt.startOffsetMs };
    tell((observer) => observer.attemptOpened?.(facts, opening));
    tell((observer) => observer.attemptClosed?.(facts, attempt));
  }
  tell((observer) => observer.callClosed?.(facts));
}
