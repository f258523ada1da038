import { contractAnswer } from '../contract';
import type { Exchange } from '../exchange';
import type { Step, Steps } from '../step';
import { type AnswerOptions, type AnswerVariant, composeAnswer } from './answer';
import { eventStream, jsonBody } from './body-steps';
import { chatCompletion, chatEvents } from './chat-bodies';
import { requestIdHeaders } from './error-body';
import { message, messageEvents } from './messages-bodies';
import { type Echoed, responseEvents, responseObject } from './responses-bodies';

/** Answers as documented: checks first, then the answer of the endpoint, as JSON or events. */
export function* answerSteps(exchange: Exchange, options: AnswerOptions, variant?: AnswerVariant): Generator<Step> {
  if (options.latencyMs !== undefined && options.latencyMs > 0) {
    yield { kind: 'wait', waitMs: options.latencyMs };
  }
  yield* contractAnswer(exchange) ?? modelAnswer(exchange, options, variant);
}

function modelAnswer(exchange: Exchange, options: AnswerOptions, variant?: AnswerVariant): Steps {
  const answer = composeAnswer(exchange, options, variant);
  const headers = requestIdHeaders(exchange);
  const delayMs = options.delayMs ?? 0;
  if (exchange.pathname === '/v1/messages/count_tokens') {
    return jsonBody(200, { input_tokens: answer.usage?.inputTokens ?? 0 }, headers);
  }
  if (exchange.family === 'responses') {
    const echoed = echoedFields(exchange);
    exchange.responseIds.add(`resp_${answer.id}`);
    return exchange.stream
      ? eventStream(responseEvents(answer, echoed, delayMs, exchange.settings.doneAfterResponses), headers)
      : jsonBody(200, responseObject(answer, echoed), headers);
  }
  if (exchange.family === 'messages') {
    return exchange.stream
      ? eventStream(messageEvents(answer, delayMs), headers)
      : jsonBody(200, message(answer), headers);
  }
  return exchange.stream
    ? eventStream(chatEvents(answer, delayMs), headers)
    : jsonBody(200, chatCompletion(answer), headers);
}

/** Fields that a response repeats from its request. A client must never log them. */
function echoedFields(exchange: Exchange): Echoed {
  const { instructions, previous_response_id: previousId, metadata } = exchange.fields;
  return {
    ...(typeof instructions === 'string' ? { instructions } : {}),
    ...(typeof previousId === 'string' ? { previous_response_id: previousId } : {}),
    // Repeated unchanged, so it has the type that the client sent.
    ...(typeof metadata === 'object' && metadata !== null ? { metadata: metadata as Record<string, string> } : {}),
  };
}
