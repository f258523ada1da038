import type { AnswerOptions, AnswerVariant } from './answer';
import { answerSteps } from './answer-steps';
import { echoed } from './echo';
import { fail } from './failure-scenarios';
import { type Scenario, single, transformed } from './scenario';
import { withErrorEvent } from './stream-faults';

/** Answers as the contract documents. */
export function ok(options: AnswerOptions = {}): Scenario {
  return single({ steps: (exchange) => answerSteps(exchange, options) });
}

function variant(options: AnswerOptions, different: AnswerVariant): Scenario {
  return single({ steps: (exchange) => answerSteps(exchange, options, different) });
}

/** Waits before the first byte, then answers. */
export function slowFirstByte(latencyMs: number, options: AnswerOptions = {}): Scenario {
  return ok({ ...options, latencyMs });
}

/** A soft failure with status 200: the filter stopped the answer, there is no content. */
export function contentFilter(options: AnswerOptions = {}): Scenario {
  return variant(options, { ending: 'content_filter', pieces: [] });
}

/** A call of a tool, with null content. */
export function toolCalls(
  tool: { readonly name?: string; readonly arguments?: string } = {},
  options: AnswerOptions = {},
): Scenario {
  return variant(options, { ending: 'tool_calls', pieces: [], tool });
}

/** A complete answer without a single character of content. */
export function emptyContent(options: AnswerOptions = {}): Scenario {
  return variant(options, { pieces: [] });
}

/** A failed generation: `response.failed` or status `failed`; on the other endpoints, which have no such word, an error event or an error with 200. */
export function responseFailed(options: AnswerOptions = {}): Scenario {
  return single({
    steps: (exchange) =>
      exchange.family === 'responses'
        ? answerSteps(exchange, options, { ending: 'failed' })
        : withErrorEvent(answerSteps(exchange, options), exchange, {}),
  });
}

/** Stopped at the token limit: `response.incomplete`, `finish_reason: length`, `stop_reason: max_tokens`. */
export function responseIncomplete(options: AnswerOptions = {}): Scenario {
  return ok({ ...options, finish: 'length' });
}

/**
 * A server that repeats the caller's key and prompt wherever a string stands: content, ids, model, codes, finish reasons,
 * fingerprint, messages, headers. With a `status` it does so in an error.
 */
export function echo(options: { readonly status?: number } = {}): Scenario {
  return transformed(options.status === undefined ? ok() : fail(options.status, { body: 'json' }), echoed);
}
