import { randomBytes } from 'node:crypto';
import type { AttemptFacts, CallFacts } from '../../src/facts/call-facts';
import { type Identifier, type IdentifierKind, identifier } from '../../src/facts/identifier';
import { createRedactor } from '../../src/facts/redaction/redactor';

/** Returns `value` as a label. Throws if it does not match the pattern. */
export function checked<Kind extends IdentifierKind>(kind: Kind, value: string): Identifier<Kind> {
  const made = identifier(kind, value, createRedactor());
  if (made === undefined) {
    throw new Error(`${value} is not a valid ${kind}`);
  }
  return made;
}

/** A random key with the shape of a CometAPI key. */
export function madeUpKey(): string {
  return `sk-${randomBytes(24).toString('hex')}`;
}

/** A chat call to CometAPI that succeeded on the first attempt. */
export function completedCall(changes: Partial<CallFacts> = {}): CallFacts {
  return {
    callId: checked('id', '019a0000-0000-7000-8000-000000000001'),
    startedAt: checked('timestamp', '2026-11-21T10:00:00.000Z'),
    endedAt: checked('timestamp', '2026-11-21T10:00:01.250Z'),
    durationMs: 1250,
    family: 'cometapi-text-chat',
    method: 'POST',
    routeTemplate: '/v1/chat/completions',
    upstream: 'cometapi',
    serverAddress: checked('host', 'api.cometapi.com'),
    serverPort: 443,
    urlFull: checked('url', 'https://api.cometapi.com/v1/chat/completions'),
    stream: false,
    request: {
      model: checked('model', 'gpt-5-mini'),
      fields: ['messages', 'model'],
      otherFieldCount: 0,
      messageCount: 1,
      bodyBytes: 96,
    },
    settings: {
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
      transport: 'dispatcher',
      telemetry: true,
      propagate: false,
      openaiCompatible: false,
    },
    outerRetryCount: 0,
    entryPoint: 'client',
    attributes: [],
    droppedAttributes: 0,
    attempts: [attempt({ index: 1, startOffsetMs: 0.5 })],
    traceId: checked('id', '0af7651916cd43dd8448eb211c80319c'),
    spanId: checked('id', 'b7ad6b7169203331'),
    ending: 'completed',
    endingReason: 'body_complete',
    category: 'none',
    phase: 'body',
    status: 200,
    contentKind: 'json',
    requestId: checked('id', '20260101080000123456789AbCdEfGh'),
    requestIdSource: 'x-oneapi-request-id',
    response: {
      id: checked('id', 'chatcmpl-1'),
      model: checked('model', 'gpt-5-mini-2025-08-07'),
      finishReasons: ['stop'],
      usage: { inputTokens: 9, outputTokens: 3, totalTokens: 12 },
    },
    responseBytes: 412,
    maybeSentTwice: false,
    ...changes,
  };
}

/** An attempt that succeeded. */
export function attempt(changes: Partial<AttemptFacts> = {}): AttemptFacts {
  return {
    index: 1,
    startOffsetMs: 0.5,
    durationMs: 1249,
    status: 200,
    category: 'none',
    phase: 'body',
    contentKind: 'json',
    requestId: checked('id', '20260101080000123456789AbCdEfGh'),
    requestIdSource: 'x-oneapi-request-id',
    decision: 'not_retried',
    because: 'success',
    maybeSentTwice: false,
    retryBudgetLeft: 10,
    ...changes,
  };
}

/** An attempt with status 429 that was retried. */
export function limitedAttempt(changes: Partial<AttemptFacts> = {}): AttemptFacts {
  return {
    index: 1,
    startOffsetMs: 0.5,
    durationMs: 40,
    status: 429,
    errorType: '429',
    category: 'rate_limited',
    phase: 'headers',
    contentKind: 'json',
    serverCode: 'rate_limit_exceeded',
    requestId: checked('id', 'first-request'),
    requestIdSource: 'message',
    decision: 'retried',
    because: 'retryable_status',
    delayMs: 700,
    delayOrigin: 'retry_after',
    retryAfterMs: 700,
    maybeSentTwice: false,
    retryBudgetLeft: 9.5,
    ...changes,
  };
}

/** A stream with one 429 that was then truncated. */
export function truncatedStream(): CallFacts {
  return completedCall({
    callId: checked('id', '019a0000-0000-7000-8000-000000000002'),
    stream: true,
    attempts: [
      limitedAttempt(),
      attempt({
        index: 2,
        startOffsetMs: 740.5,
        errorType: 'stream_truncated',
        category: 'truncated_stream',
        phase: 'stream',
        contentKind: 'event_stream',
        because: 'committed',
        decision: 'not_retried',
      }),
    ],
    ending: 'failed',
    endingReason: 'stream_truncated',
    category: 'truncated_stream',
    errorType: 'stream_truncated',
    phase: 'stream',
    contentKind: 'event_stream',
    timeToFirstChunkMs: 310,
    eventCount: 4,
    response: { id: checked('id', 'chatcmpl-2'), model: checked('model', 'gpt-5-mini-2025-08-07') },
  });
}

/** A call with every optional field, for tests of field names. */
export function fullCall(): CallFacts {
  const filled = attempt({
    errorType: '429',
    serverCode: '_OTHER',
    delayMs: 1,
    delayOrigin: 'backoff',
    retryAfterMs: 1,
    retryBudgetLeft: 1,
  });
  return completedCall({
    attempts: [filled, filled],
    conversationId: checked('id', 'conversation-1'),
    agent: { name: 'codex', version: checked('version', '0.169.0') },
    attributes: [{ name: checked('attribute_name', 'team.name'), value: checked('name', 'search') }],
    errorType: '429',
    serverCode: '_OTHER',
    timeToFirstChunkMs: 1,
    eventCount: 1,
    retryAfterMs: 1,
    request: {
      model: checked('model', 'gpt-5-mini'),
      choiceCount: 1,
      seed: 1,
      maxTokens: 1,
      temperature: 1,
      topP: 1,
      frequencyPenalty: 1,
      presencePenalty: 1,
      outputType: 'text',
      serviceTier: 'auto',
      fields: ['model'],
      otherFieldCount: 1,
      messageCount: 1,
      toolCount: 1,
      bodyBytes: 1,
    },
    response: {
      id: checked('id', 'chatcmpl-1'),
      model: checked('model', 'gpt-5-mini'),
      finishReasons: ['stop'],
      serviceTier: 'default',
      systemFingerprint: checked('fingerprint', 'fp_1'),
      usage: {
        inputTokens: 1,
        outputTokens: 1,
        totalTokens: 1,
        cacheReadInputTokens: 1,
        cacheCreationInputTokens: 1,
        reasoningOutputTokens: 1,
      },
    },
  });
}
