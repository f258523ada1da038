import { describe, expect, it } from 'vitest';
import type { AttemptFacts, CallFacts, RequestFacts, ResponseFacts, UsageFacts } from '../../src/facts/call-facts';
import { callLine } from '../../src/records/call-line';
import { callRecord } from '../../src/records/call-record';
import { serialise } from '../../src/records/serialise';
import { checked, completedCall, fullCall, truncatedStream } from './sample-facts';

const stamp = {
  recordId: checked('id', '019a0000-0000-7000-8000-00000000000a'),
  seq: 1,
  ts: checked('timestamp', '2026-11-21T10:00:01.251Z'),
  monoMs: 5_000.25,
};
const source = { runtime: { name: 'node', version: checked('version', '24.21.0') }, os: 'linux' } as const;

/** The compiler asks for each name here, the test for each in the line: a fact that nobody writes out is missed. */
type Every<Facts> = Readonly<Record<keyof Required<Facts>, true>>;
const CALL: Every<CallFacts> = {
  callId: true,
  startedAt: true,
  family: true,
  method: true,
  routeTemplate: true,
  upstream: true,
  serverAddress: true,
  serverPort: true,
  urlFull: true,
  stream: true,
  request: true,
  settings: true,
  outerRetryCount: true,
  door: true,
  conversationId: true,
  agent: true,
  attributes: true,
  droppedAttributes: true,
  endedAt: true,
  durationMs: true,
  attempts: true,
  traceId: true,
  spanId: true,
  ending: true,
  endingReason: true,
  category: true,
  errorType: true,
  phase: true,
  status: true,
  contentKind: true,
  serverCode: true,
  requestId: true,
  requestIdSource: true,
  response: true,
  timeToFirstChunkMs: true,
  eventCount: true,
  responseBytes: true,
  retryAfterMs: true,
  maybeSentTwice: true,
};
const ATTEMPT: Every<AttemptFacts> = {
  index: true,
  startOffsetMs: true,
  durationMs: true,
  status: true,
  errorType: true,
  category: true,
  phase: true,
  contentKind: true,
  serverCode: true,
  requestId: true,
  requestIdSource: true,
  decision: true,
  because: true,
  delayMs: true,
  delayOrigin: true,
  retryAfterMs: true,
  maybeSentTwice: true,
  retryBudgetLeft: true,
};
const REQUEST: Every<RequestFacts> = {
  model: true,
  choiceCount: true,
  seed: true,
  maxTokens: true,
  temperature: true,
  topP: true,
  frequencyPenalty: true,
  presencePenalty: true,
  outputType: true,
  serviceTier: true,
  fields: true,
  otherFieldCount: true,
  messageCount: true,
  toolCount: true,
  bodyBytes: true,
};
const RESPONSE: Every<ResponseFacts> = {
  id: true,
  model: true,
  finishReasons: true,
  serviceTier: true,
  systemFingerprint: true,
  usage: true,
};
const USAGE: Every<UsageFacts> = {
  inputTokens: true,
  outputTokens: true,
  totalTokens: true,
  cacheReadInputTokens: true,
  cacheCreationInputTokens: true,
  reasoningOutputTokens: true,
};

describe('the line of a call', () => {
  it.each([
    ['a whole call', completedCall()],
    ['a stream that broke', truncatedStream()],
    ['a call with every fact', fullCall()],
  ])('says of %s what JSON says, without anything that needs an escape', (_, facts) => {
    for (const declared of [{}, { runId: checked('name', 'run-1'), workflow: checked('name', 'nightly') }]) {
      const record = callRecord(facts, stamp, source, declared, 'value_scan');
      const line = callLine(record);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(record)));
      expect(Object.keys(JSON.parse(line))).toEqual(Object.keys(record));
      // Escapes would be put in here.
      expect(serialise(JSON.parse(line))).toBe(line);
    }
  });

  it('holds every fact there is', () => {
    const { facts } = JSON.parse(callLine(callRecord(fullCall(), stamp, source, {}, 'value_scan')));
    const { request, response, attempts } = facts;
    const every = [CALL, ATTEMPT, REQUEST, RESPONSE, USAGE].map((names) => Object.keys(names).sort());
    expect([facts, attempts[0], request, response, response.usage].map((held) => Object.keys(held).sort())).toEqual(
      every,
    );
  });

  it('writes settings anew that are not frozen, and may have changed', () => {
    const facts = { ...completedCall(), settings: { ...completedCall().settings } };
    const first = callLine(callRecord(facts, stamp, source, {}, 'value_scan'));
    facts.settings.maxAttempts = 5;
    const second = callLine(callRecord(facts, stamp, source, {}, 'value_scan'));
    expect([first, second].map((line) => JSON.parse(line).facts.settings.maxAttempts)).toEqual([3, 5]);
  });
});
