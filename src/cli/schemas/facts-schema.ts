import { z } from 'zod';
import { count, id, identifier, milliseconds, model, name, timestamp } from './leaves';
import {
  agentName,
  contentKind,
  decision,
  decisionReason,
  delayOrigin,
  ending,
  endingReason,
  endpointFamily,
  errorCategory,
  failureType,
  finishReason,
  httpMethod,
  outputType,
  phase,
  requestField,
  requestIdSource,
  routeTemplate,
  serverCode,
  serviceTier,
  upstream,
} from './words';

const statusText = z.templateLiteral([z.int().min(100).max(999)]);
const errorType = z.union([failureType, statusText]);
const status = z.int().min(100).max(999);

const usage = z.strictObject({
  inputTokens: count.exactOptional(),
  outputTokens: count.exactOptional(),
  totalTokens: count.exactOptional(),
  cacheReadInputTokens: count.exactOptional(),
  cacheCreationInputTokens: count.exactOptional(),
  reasoningOutputTokens: count.exactOptional(),
});

const request = z.strictObject({
  model: model.exactOptional(),
  choiceCount: z.number().exactOptional(),
  seed: z.number().exactOptional(),
  maxTokens: z.number().exactOptional(),
  temperature: z.number().exactOptional(),
  topP: z.number().exactOptional(),
  frequencyPenalty: z.number().exactOptional(),
  presencePenalty: z.number().exactOptional(),
  outputType: outputType.exactOptional(),
  serviceTier: serviceTier.exactOptional(),
  fields: z.array(requestField),
  otherFieldCount: count,
  messageCount: count.exactOptional(),
  toolCount: count.exactOptional(),
  bodyBytes: count.exactOptional(),
});

const response = z.strictObject({
  id: id.exactOptional(),
  model: model.exactOptional(),
  finishReasons: z.array(finishReason).exactOptional(),
  serviceTier: serviceTier.exactOptional(),
  systemFingerprint: identifier('fingerprint').exactOptional(),
  usage: usage.exactOptional(),
});

const settings = z.strictObject({
  maxAttempts: count,
  retry: z.enum(['standard', 'safe']),
  headerTimeoutMs: milliseconds,
  deadlineMs: milliseconds,
  idleTimeoutMs: milliseconds,
  maxStreamMs: milliseconds,
  maxRetryAfterMs: milliseconds,
  backoffBaseMs: milliseconds,
  backoffCapMs: milliseconds,
  retryBudget: z.boolean(),
  maxConnections: count,
  transport: z.enum(['fetch', 'dispatcher', 'node_http', 'custom_fetch']),
  telemetry: z.boolean(),
  propagate: z.boolean(),
  openaiCompatible: z.boolean(),
});

const attempt = z.strictObject({
  index: count,
  startOffsetMs: z.number(),
  durationMs: milliseconds,
  status: status.exactOptional(),
  errorType: errorType.exactOptional(),
  category: errorCategory,
  phase,
  contentKind: contentKind.exactOptional(),
  serverCode: serverCode.exactOptional(),
  requestId: id.exactOptional(),
  requestIdSource: requestIdSource.exactOptional(),
  decision,
  because: decisionReason,
  delayMs: milliseconds.exactOptional(),
  delayOrigin: delayOrigin.exactOptional(),
  retryAfterMs: milliseconds.exactOptional(),
  maybeSentTwice: z.boolean(),
  retryBudgetLeft: z.number().exactOptional(),
});

const attribute = z.strictObject({
  name: identifier('attribute_name'),
  value: z.union([name, z.number(), z.boolean()]),
});

/** The facts of one call. */
export const callFactsSchema = z.strictObject({
  callId: id,
  startedAt: timestamp,
  endedAt: timestamp,
  durationMs: milliseconds,
  family: endpointFamily,
  method: httpMethod,
  routeTemplate,
  upstream,
  serverAddress: identifier('host'),
  serverPort: z.int().min(0).max(65_535),
  urlFull: identifier('url'),
  stream: z.boolean(),
  request,
  settings,
  outerRetryCount: count,
  entryPoint: z.enum(['client', 'fetch', 'gateway']),
  conversationId: id.exactOptional(),
  agent: z.strictObject({ name: agentName, version: identifier('version').exactOptional() }).exactOptional(),
  attributes: z.array(attribute),
  droppedAttributes: count,
  attempts: z.array(attempt),
  traceId: id.exactOptional(),
  spanId: id.exactOptional(),
  ending,
  endingReason,
  category: errorCategory,
  errorType: errorType.exactOptional(),
  phase,
  status: status.exactOptional(),
  contentKind: contentKind.exactOptional(),
  serverCode: serverCode.exactOptional(),
  requestId: id.exactOptional(),
  requestIdSource: requestIdSource.exactOptional(),
  response: response.exactOptional(),
  timeToFirstChunkMs: milliseconds.exactOptional(),
  eventCount: count.exactOptional(),
  responseBytes: count.exactOptional(),
  retryAfterMs: milliseconds.exactOptional(),
  maybeSentTwice: z.boolean(),
});
