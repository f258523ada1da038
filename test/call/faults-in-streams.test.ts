import { describe } from 'vitest';
import type { Step } from '../support/fault-server';
import { testFaults, type Way } from '../support/fault-story';
import {
  both,
  CREATED,
  chunk,
  close,
  delta,
  errorBody,
  events,
  openEvents,
  reset,
  TEXT_DELTA,
  typedEvent,
} from '../support/wire-bytes';
import {
  allOf,
  beginningOf,
  begun,
  completed,
  errorEvent,
  eventsIn,
  failed,
  idle,
  stream,
  truncated,
} from './stream-stories';

const forEver =
  (text: string): Step =>
  async (exchange) => {
    await openEvents()(exchange);
    while (!exchange.isClosed) {
      await exchange.write(chunk(text));
    }
  };

const incompleteIn = ({ endpoint }: Way): string =>
  endpoint === 'chat'
    ? delta('a') + delta('', { choices: [{ index: 0, delta: {}, finish_reason: 'length' }] })
    : CREATED + typedEvent('response.incomplete', { response: { id: 'resp_1', status: 'incomplete' } });

describe('broken streams', () => {
  testFaults({
    'a reset right after the headers': stream(
      () => both(openEvents(), reset),
      truncated(undefined, 'connection_reset'),
    ),
    'a reset in the middle': stream(
      (way) => both(openEvents(beginningOf(way)), reset),
      truncated(begun, 'connection_reset'),
    ),
    'a close in the middle': stream(
      (way) => both(openEvents(beginningOf(way)), close),
      truncated(begun, 'connection_reset'),
    ),
    'half an event, then a clean end': stream((way) => events(beginningOf(way), 'data: {"id":"chat'), truncated(begun)),
    'a clean end without a terminal event': stream((way) => events(beginningOf(way)), truncated(begun)),
    'no event at all': stream(() => events(), truncated()),
    'comments only': stream(() => events(': one\n\n', ': two\n\n'), truncated()),
    'silence after the headers': stream(() => openEvents(), idle(), { idleTimeoutMs: 200 }),
    'silence in the middle': stream((way) => openEvents(beginningOf(way)), idle(begun), { idleTimeoutMs: 200 }),
    'endless comments do not count as progress': stream(() => forEver(': ping\n\n'), idle(), { idleTimeoutMs: 200 }),
    'endless events without data do not count as progress': stream(() => forEver('event: ping\n\ndata:\n\n'), idle(), {
      idleTimeoutMs: 200,
    }),
    'an endless stream ends at maxStreamMs': stream(
      ({ endpoint }) => forEver(endpoint === 'chat' ? delta('a') : TEXT_DELTA),
      (way) => ({
        ...failed('max_stream_duration timeout 200 timeout', '', 'TimeoutError')(way),
        ...(way.entryPoint === 'client' && {
          caller: 'many events, then APIConnectionTimeoutError 200 timeout final in stream',
        }),
      }),
      { maxStreamMs: 300 },
    ),
    'an endless line ends at maxResponseBytes': stream(
      () =>
        both(openEvents('data: {"a":"'), async (exchange) => {
          while (!exchange.isClosed) {
            await exchange.write(chunk('a'.repeat(65_536)));
          }
        }),
      failed(
        'response_too_large unexpected_response 200 response_too_large',
        'UnexpectedResponseError 200 unexpected_response final',
        'TypeError response_too_large',
      ),
      { maxResponseBytes: 2_000_000 },
    ),
    'an event that is not JSON ends the iteration, and the fetch entry point passes it through': stream(
      (way) => events(beginningOf(way), 'data: {"broken\n\n', allOf(way)),
      (way) =>
        way.entryPoint === 'client'
          ? failed(
              'unexpected_response unexpected_response 200 _OTHER',
              'UnexpectedResponseError 200 unexpected_response final',
              '',
              begun,
            )(way)
          : completed(0, () => beginningOf(way).length + 16 + allOf(way).length)(way),
    ),
  });
});

describe('streams with an error event', () => {
  testFaults({
    'an error first': stream(() => events(`data: ${errorBody()}\n\n`), errorEvent(' server_error')),
    'an error in the middle': stream(
      (way) => events(beginningOf(way), `data: ${errorBody('insufficient_quota')}\n\n`),
      errorEvent(' insufficient_quota', begun),
    ),
    'a named error': stream(
      (way) => events(beginningOf(way), `event: error\ndata: ${errorBody()}\n\n`),
      errorEvent(' server_error', begun),
    ),
    'a named error in plain text': stream(() => events('event: error\ndata: out of luck\n\n'), errorEvent('')),
    'an error event of the responses API': stream(
      (way) => events(beginningOf(way), typedEvent('error', { code: 'server_error', message: 'no' })),
      errorEvent(' server_error', begun),
    ),
    'an error, and a server that keeps the connection open': stream(
      () => openEvents(`data: ${errorBody()}\n\n`),
      errorEvent(' server_error'),
    ),
    'a response.failed event fails the call and is passed to the caller': stream(
      ({ endpoint }) =>
        endpoint === 'chat'
          ? events()
          : events(CREATED, typedEvent('response.failed', { response: { id: 'resp_1', status: 'failed' } })),
      (way) =>
        way.endpoint === 'chat'
          ? truncated()(way)
          : {
              requests: 1,
              attempts: '200 success',
              ending: 'failed response_failed unexpected_response 200 _OTHER in stream',
              caller: way.entryPoint === 'client' ? '2 events' : '200, 302 bytes',
            },
    ),
    'an incomplete response completes the stream': stream(
      (way) => events(incompleteIn(way)),
      eventsIn(2, incompleteIn),
    ),
  });
});
