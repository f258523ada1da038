import type { AttemptFacts, CallFacts, RequestFacts, ResponseFacts, UsageFacts } from '../facts/call-facts';

/**
 * The facts of a call as JSON. Written out: `JSON.stringify` takes half as long again, and was what a record costs
 * most. Every text is a closed word or a checked label, so none needs an escape; every number is
 * finite.
 *
 * @param settings the JSON of the settings, which many calls share
 */
export function factsJson(facts: CallFacts, settings: string): string {
  const { agent, attributes } = facts;
  return (
    `{"callId":"${facts.callId}","startedAt":"${facts.startedAt}","family":"${facts.family}","method":"${facts.method}",` +
    `"routeTemplate":"${facts.routeTemplate}","upstream":"${facts.upstream}","serverAddress":"${facts.serverAddress}",` +
    `"serverPort":${facts.serverPort},"urlFull":"${facts.urlFull}","stream":${facts.stream},` +
    `"request":${requestJson(facts.request)},"outerRetryCount":${facts.outerRetryCount},"door":"${facts.door}"` +
    text(',"conversationId":"', facts.conversationId) +
    (agent === undefined ? '' : `,"agent":{"name":"${agent.name}"${text(',"version":"', agent.version)}}`) +
    `,"attributes":${attributes.length === 0 ? '[]' : JSON.stringify(attributes)},` +
    `"droppedAttributes":${facts.droppedAttributes},"endedAt":"${facts.endedAt}","durationMs":${facts.durationMs},` +
    `"attempts":${attemptsJson(facts.attempts)},"ending":"${facts.ending}","endingReason":"${facts.endingReason}",` +
    `"category":"${facts.category}","phase":"${facts.phase}","maybeSentTwice":${facts.maybeSentTwice}` +
    text(',"errorType":"', facts.errorType) +
    text(',"traceId":"', facts.traceId) +
    text(',"spanId":"', facts.spanId) +
    answerJson(facts) +
    (facts.response === undefined ? '' : `,"response":${responseJson(facts.response)}`) +
    bare(',"timeToFirstChunkMs":', facts.timeToFirstChunkMs) +
    bare(',"eventCount":', facts.eventCount) +
    bare(',"responseBytes":', facts.responseBytes) +
    `,"settings":${settings}}`
  );
}

function attemptsJson(attempts: readonly AttemptFacts[]): string {
  let list = '';
  for (const attempt of attempts) {
    list += (list === '' ? '' : ',') + attemptJson(attempt);
  }
  return `[${list}]`;
}

function attemptJson(attempt: AttemptFacts): string {
  return (
    `{"index":${attempt.index},"startOffsetMs":${attempt.startOffsetMs},"durationMs":${attempt.durationMs},` +
    `"category":"${attempt.category}","phase":"${attempt.phase}","decision":"${attempt.decision}",` +
    `"because":"${attempt.because}","maybeSentTwice":${attempt.maybeSentTwice}` +
    text(',"errorType":"', attempt.errorType) +
    bare(',"delayMs":', attempt.delayMs) +
    text(',"delayOrigin":"', attempt.delayOrigin) +
    bare(',"retryBudgetLeft":', attempt.retryBudgetLeft) +
    answerJson(attempt) +
    '}'
  );
}

/** What an attempt and its call both tell of the answer. */
function answerJson(facts: AttemptFacts | CallFacts): string {
  return (
    bare(',"status":', facts.status) +
    text(',"contentKind":"', facts.contentKind) +
    text(',"serverCode":"', facts.serverCode) +
    text(',"requestId":"', facts.requestId) +
    text(',"requestIdSource":"', facts.requestIdSource) +
    bare(',"retryAfterMs":', facts.retryAfterMs)
  );
}

function requestJson(request: RequestFacts): string {
  return (
    `{"fields":${words(request.fields)},"otherFieldCount":${request.otherFieldCount}` +
    text(',"model":"', request.model) +
    bare(',"choiceCount":', request.choiceCount) +
    bare(',"seed":', request.seed) +
    bare(',"maxTokens":', request.maxTokens) +
    bare(',"temperature":', request.temperature) +
    bare(',"topP":', request.topP) +
    bare(',"frequencyPenalty":', request.frequencyPenalty) +
    bare(',"presencePenalty":', request.presencePenalty) +
    text(',"outputType":"', request.outputType) +
    text(',"serviceTier":"', request.serviceTier) +
    bare(',"messageCount":', request.messageCount) +
    bare(',"toolCount":', request.toolCount) +
    bare(',"bodyBytes":', request.bodyBytes) +
    '}'
  );
}

function responseJson({ id, model, finishReasons, serviceTier, systemFingerprint, usage }: ResponseFacts): string {
  const fields =
    text(',"id":"', id) +
    text(',"model":"', model) +
    (finishReasons === undefined ? '' : `,"finishReasons":${words(finishReasons)}`) +
    text(',"serviceTier":"', serviceTier) +
    text(',"systemFingerprint":"', systemFingerprint) +
    (usage === undefined ? '' : `,"usage":${usageJson(usage)}`);
  return `{${fields.slice(1)}}`;
}

function usageJson(usage: UsageFacts): string {
  const fields =
    bare(',"inputTokens":', usage.inputTokens) +
    bare(',"outputTokens":', usage.outputTokens) +
    bare(',"totalTokens":', usage.totalTokens) +
    bare(',"cacheReadInputTokens":', usage.cacheReadInputTokens) +
    bare(',"cacheCreationInputTokens":', usage.cacheCreationInputTokens) +
    bare(',"reasoningOutputTokens":', usage.reasoningOutputTokens);
  return `{${fields.slice(1)}}`;
}

function text(before: string, value: string | undefined): string {
  return value === undefined ? '' : `${before}${value}"`;
}

function bare(before: string, value: number | undefined): string {
  return value === undefined ? '' : `${before}${value}`;
}

function words(list: readonly string[]): string {
  return list.length === 0 ? '[]' : `["${list.join('","')}"]`;
}
