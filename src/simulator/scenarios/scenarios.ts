import { answerSteps } from '../bodies/answer-steps';
import type { Family } from '../exchange';
import {
  contentFilter,
  echo,
  emptyContent,
  ok,
  responseFailed,
  responseIncomplete,
  slowFirstByte,
  toolCalls,
} from './answer-scenarios';
import { errorIn200, fail, html200, raw, redirect, respond, unreachable } from './failure-scenarios';
import {
  chunkError,
  closeAfter,
  closeDelimited,
  contentType,
  cut,
  dataAfterDone,
  drip,
  earlyHints,
  endless,
  errorEvent,
  framing,
  gzip,
  headers,
  hostileJson,
  http10,
  jsonForStream,
  lingerAfterDone,
  noDone,
  noReasonPhrase,
  reset,
  stall,
  streamForJson,
  truncatedJson,
  truncatedStream,
} from './fault-scenarios';
import { byFamily, type Scenario, sequence } from './scenario';

/** Alternates between two scenarios without end, one request each. */
function alternate(first: Scenario, second: Scenario): Scenario {
  return sequence(first.times(1), second.times(1)).forever();
}

/** Plays a separate scenario for each family of endpoints. Other families get `ok()`. */
function scenarioByFamily(scenarios: Readonly<Partial<Record<Family, Scenario>>>): Scenario {
  return byFamily(scenarios, { steps: (exchange) => answerSteps(exchange, {}) });
}

/**
 * The named scenarios. Each function returns an immutable {@link Scenario}.
 *
 * See docs/simulator.md for a table of all scenarios.
 *
 * @example
 * simulator.use(scenario.fail(503).times(2).then(scenario.ok({ text: 'A simulated answer.' })));
 */
export const scenario = {
  // Answers
  ok,
  slowFirstByte,
  contentFilter,
  toolCalls,
  emptyContent,
  responseFailed,
  responseIncomplete,
  echo,
  // Failures and custom bodies
  fail,
  redirect,
  html200,
  errorIn200,
  respond,
  raw,
  unreachable,
  // Connection faults
  reset,
  cut,
  stall,
  drip,
  closeAfter,
  // Stream faults
  errorEvent,
  truncatedStream,
  noDone,
  lingerAfterDone,
  dataAfterDone,
  framing,
  endless,
  jsonForStream,
  streamForJson,
  // HTTP and body faults
  truncatedJson,
  contentType,
  headers,
  gzip,
  http10,
  closeDelimited,
  noReasonPhrase,
  earlyHints,
  chunkError,
  hostileJson,
  // Sequences
  sequence,
  alternate,
  byFamily: scenarioByFamily,
} as const;
