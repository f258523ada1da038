import type { Step } from '../support/fault-server';
import type { Fault, Story, Way } from '../support/fault-story';
import { COMPLETED, CREATED, DONE, delta, FINISH, TEXT_DELTA } from '../support/wire-bytes';

/** The start of a stream: one chat event, or two responses events. */
export const beginningOf = ({ endpoint }: Way): string => (endpoint === 'chat' ? delta('hel') : CREATED + TEXT_DELTA);
/** The number of events in {@link beginningOf}. */
export const begun = ({ endpoint }: Way): number => (endpoint === 'chat' ? 1 : 2);
/** A complete stream with two events. */
export const allOf = ({ endpoint }: Way): string =>
  endpoint === 'chat' ? delta('hel') + FINISH + DONE : CREATED + COMPLETED;

/** The story of a stream that fails: its ending, the error of each entry point, and the events before the error. */
export const failed =
  (end: string, typed: string, fetch: string, count: (way: Way) => number = () => 0): Fault['story'] =>
  (way): Story => ({
    requests: 1,
    attempts: '200 success',
    ending: `failed ${end} in stream`,
    caller: way.entryPoint === 'client' ? `${count(way)} events, then ${typed} in stream` : `200, then ${fetch}`,
  });

/** The story of a stream that ends early. `word` is the error type. */
export const truncated = (count?: (way: Way) => number, errorType = 'stream_truncated'): Fault['story'] =>
  failed(
    `stream_truncated truncated_stream 200 ${errorType}`,
    'StreamTruncatedError 200 truncated_stream retryable',
    `TypeError ${errorType}`,
    count,
  );

/** The story of a stream that reaches `idleTimeoutMs`. */
export const idle = (count?: (way: Way) => number): Fault['story'] =>
  failed(
    'stream_idle_timeout stream_idle 200 stream_idle_timeout',
    'StreamIdleError 200 stream_idle retryable',
    'TypeError stream_idle_timeout',
    count,
  );

/** The story of a stream that contains an error event. `code` starts with a space or is empty. */
export const errorEvent = (code: string, count?: (way: Way) => number): Fault['story'] =>
  failed(
    'stream_error_event unexpected_response 200 _OTHER',
    `APIError unexpected_response${code} final`,
    'TypeError _OTHER',
    count,
  );

/** The story of a complete stream. */
export const completed =
  (count: number, bytes: (way: Way) => number): Fault['story'] =>
  (way): Story => ({
    requests: 1,
    attempts: '200 success',
    ending: 'completed terminal_event 200 in stream',
    caller: way.entryPoint === 'client' ? `${count} events` : `200, ${bytes(way)} bytes`,
  });

/** The story of a complete stream with `count` events that passes `text` through unchanged. */
export const eventsIn = (count: number, text: (way: Way) => string | Uint8Array): Fault['story'] =>
  completed(count, (way) => Buffer.from(text(way)).length);

/** A fault of a stream request. */
export const stream = (steps: (way: Way) => Step, story: Fault['story'], options: Fault['options'] = {}): Fault => ({
  mode: 'stream',
  steps: (way) => [steps(way)],
  story,
  options,
});
