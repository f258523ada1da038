import type { Step } from '../support/fault-server';
import type { Fault, Story, Way } from '../support/fault-story';
import { COMPLETED, CREATED, DONE, delta, FINISH, TEXT_DELTA } from '../support/wire-bytes';

/** The beginning of an answer: one chunk, or two events. */
export const beginningOf = ({ endpoint }: Way): string => (endpoint === 'chat' ? delta('hel') : CREATED + TEXT_DELTA);
export const begun = ({ endpoint }: Way): number => (endpoint === 'chat' ? 1 : 2);
/** All of an answer: two events of either. */
export const allOf = ({ endpoint }: Way): string =>
  endpoint === 'chat' ? delta('hel') + FINISH + DONE : CREATED + COMPLETED;

export const failed =
  (end: string, typed: string, fetch: string, count: (way: Way) => number = () => 0): Fault['story'] =>
  (way): Story => ({
    requests: 1,
    attempts: '200 success',
    ending: `failed ${end} in stream`,
    caller: way.door === 'typed' ? `${count(way)} events, then ${typed} in stream` : `200, then ${fetch}`,
  });

export const truncated = (count?: (way: Way) => number, word = 'stream_truncated'): Fault['story'] =>
  failed(
    `stream_truncated truncated_stream 200 ${word}`,
    'StreamTruncatedError 200 truncated_stream retryable',
    `TypeError ${word}`,
    count,
  );

export const idle = (count?: (way: Way) => number): Fault['story'] =>
  failed(
    'stream_idle_timeout stream_idle 200 stream_idle_timeout',
    'StreamIdleError 200 stream_idle retryable',
    'TypeError stream_idle_timeout',
    count,
  );

export const errorEvent = (code: string, count?: (way: Way) => number): Fault['story'] =>
  failed(
    'stream_error_event unexpected_response 200 _OTHER',
    `APIError unexpected_response${code} final`,
    'TypeError _OTHER',
    count,
  );

export const completed =
  (count: number, bytes: (way: Way) => number): Fault['story'] =>
  (way): Story => ({
    requests: 1,
    attempts: '200 success',
    ending: 'completed terminal_event 200 in stream',
    caller: way.door === 'typed' ? `${count} events` : `200, ${bytes(way)} bytes`,
  });

/** So many events, whatever else the bytes are. */
export const eventsIn = (count: number, text: (way: Way) => string | Uint8Array): Fault['story'] =>
  completed(count, (way) => Buffer.from(text(way)).length);

export const stream = (steps: (way: Way) => Step, story: Fault['story'], options: Fault['options'] = {}): Fault => ({
  mode: 'stream',
  steps: (way) => [steps(way)],
  story,
  options,
});
