import type { AnswerOptions, AnswerVariant } from '../bodies/answer';
import { answerSteps } from '../bodies/answer-steps';
import { echoed } from '../bodies/echo';
import { withErrorEvent } from '../faults/stream-faults';
import { fail } from './failure-scenarios';
import { type Scenario, single, transformed } from './scenario';

/**
 * Answers as documented: JSON or an event stream, as requested.
 *
 * Checks the path, key and body first, so an invalid request gets a documented error.
 */
export function ok(options: AnswerOptions = {}): Scenario {
  return single({ steps: (exchange) => answerSteps(exchange, options) });
}

function variant(options: AnswerOptions, different: AnswerVariant): Scenario {
  return single({ steps: (exchange) => answerSteps(exchange, options, different) });
}

/**
 * Waits before the first byte, then answers.
 *
 * @param latencyMs the wait, in milliseconds
 */
export function slowFirstByte(latencyMs: number, options: AnswerOptions = {}): Scenario {
  return ok({ ...options, latencyMs });
}

/** Answers with status 200 and no content, because a content filter stopped the generation. */
export function contentFilter(options: AnswerOptions = {}): Scenario {
  return variant(options, { ending: 'content_filter', pieces: [] });
}

/**
 * Answers with one tool call and `null` content.
 *
 * @param tool name and JSON arguments of the call. By default the name is that of the first tool in the request.
 */
export function toolCalls(
  tool: {
    /** Name of the tool. @default the first tool of the request, else 'simulated_tool' */
    readonly name?: string;
    /** Arguments, as JSON text. @default '{"note":"simulated"}' */
    readonly arguments?: string;
  } = {},
  options: AnswerOptions = {},
): Scenario {
  return variant(options, { ending: 'tool_calls', pieces: [], tool });
}

/** Answers completely, but with empty content. */
export function emptyContent(options: AnswerOptions = {}): Scenario {
  return variant(options, { pieces: [] });
}

/**
 * Reports a failed generation: `response.failed` in a responses stream, status `failed` in JSON.
 *
 * The other endpoints have no such status. They send an error event in a stream, or an error body with status 200.
 */
export function responseFailed(options: AnswerOptions = {}): Scenario {
  return single({
    steps: (exchange) =>
      exchange.family === 'responses'
        ? answerSteps(exchange, options, { ending: 'failed' })
        : withErrorEvent(answerSteps(exchange, options), exchange, {}),
  });
}

/** Stops at the token limit: `response.incomplete`, `finish_reason: length` or `stop_reason: max_tokens`. */
export function responseIncomplete(options: AnswerOptions = {}): Scenario {
  return ok({ ...options, finish: 'length' });
}

/**
 * Repeats the caller's key and prompt in every string: content, ids, model, codes, finish reasons, fingerprint,
 * messages and headers. Use it to test that your service logs neither of them.
 */
export function echo(
  options: {
    /** HTTP status of an error that contains them. @default none: a successful answer contains them */
    readonly status?: number;
  } = {},
): Scenario {
  return transformed(options.status === undefined ? ok() : fail(options.status, { body: 'json' }), echoed);
}
