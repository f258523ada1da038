import { gzipSync } from 'node:zlib';
import { describe } from 'vitest';
import type { Step } from '../support/fault-server';
import { completed, type Fault, healthy, type Story, testFaults, type Way } from '../support/fault-story';
import {
  both,
  bytes,
  CHAT_ANSWER,
  CREATED,
  chunk,
  close,
  EVENT_STREAM,
  errorBody,
  events,
  head,
  LAST_CHUNK,
  RESPONSES_ANSWER,
  reset,
  typedEvent,
  whole,
} from '../support/wire-bytes';

const JSON_TYPE = { 'content-type': 'application/json' };
/** About 50 kB that decompress to 50 MB. */
const BOMB = gzipSync(Buffer.alloc(50_000_000, ' '));
const HTML_PAGE = '<!doctype html><title>A proxy</title>';
const answerOf = ({ endpoint }: Way): string => (endpoint === 'chat' ? CHAT_ANSWER : RESPONSES_ANSWER);

/** The story of a 200 response without a valid answer: one request for both entry points, because 200 is final. */
const committed =
  (end: string, typed: string, fetch: string): Fault['story'] =>
  ({ entryPoint }): Story => ({
    requests: 1,
    attempts: '200 committed',
    ending: `failed ${end}`,
    caller: entryPoint === 'client' ? typed : fetch,
  });

const BROKEN = committed(
  'body_error connection 200 connection_reset in body',
  'APIConnectionError 200 connection retryable in body',
  '200, then TypeError connection_reset',
);

const TIMED_OUT = committed(
  'body_timeout timeout 200 timeout in body',
  'APIConnectionTimeoutError 200 timeout retryable in body',
  '200, then TimeoutError',
);

/** The story of a complete body without a valid answer. The fetch entry point passes it through. */
const unexpected = (body: string, code = ''): Fault['story'] =>
  committed(
    'unexpected_response unexpected_response 200 _OTHER in body',
    `UnexpectedResponseError 200 unexpected_response ${code}final in body`,
    `200, ${Buffer.byteLength(body)} bytes`,
  );

const page = (body: string): Fault['story'] =>
  committed(
    'unexpected_response path_or_base_url 200 _OTHER in body',
    'UnexpectedResponseError 200 path_or_base_url final in body',
    `200, ${Buffer.byteLength(body)} bytes`,
  );

const answered: Fault['story'] = (way) => ({ requests: 1, attempts: '200 success', ...completed(way) });

const json = (steps: (way: Way) => Step, story: Fault['story'], more: Partial<Fault> = {}): Fault => ({
  mode: 'json',
  steps: (way) => [steps(way)],
  story,
  ...more,
});

const inMiddle = (next: Step): Step => both(bytes(head({}, 500), '{"id":"chatcmpl-1","cho'), next);

describe('faults in JSON bodies', () => {
  testFaults({
    'a reset right after the headers': json(() => both(bytes(head({}, 500)), reset), BROKEN),
    'a reset in the middle': json(() => inMiddle(reset), BROKEN),
    'a close in the middle': json(() => inMiddle(close), BROKEN),
    'a close in the middle of a chunked body': json(
      () => both(bytes(head({ framing: 'chunked' }), chunk('{"id":')), close),
      BROKEN,
    ),
    'an invalid chunk size': json(
      () => bytes(head({ framing: 'chunked' }), chunk('{"id":'), 'zz\r\n'),
      committed(
        'body_error unexpected_response 200 protocol_error in body',
        'APIConnectionError 200 unexpected_response retryable in body',
        '200, then TypeError protocol_error',
      ),
    ),
    'silence after the headers': json(() => bytes(head({}, 500)), TIMED_OUT, { options: { timeout: 300 } }),
    'silence in the middle': json(() => inMiddle(() => undefined), TIMED_OUT, { options: { timeout: 300 } }),
    'silence that reaches idleTimeoutMs before timeout': json(
      () => inMiddle(() => undefined),
      committed(
        'stream_idle_timeout stream_idle 200 stream_idle_timeout in body',
        'StreamIdleError 200 stream_idle retryable in body',
        '200, then TypeError stream_idle_timeout',
      ),
      { options: { idleTimeoutMs: 200 } },
    ),
    'an endless body ends at its timeout': json(
      () => async (exchange) => {
        await exchange.write(head({ framing: 'chunked' }));
        while (!exchange.isClosed) {
          await exchange.write(chunk(' '));
        }
      },
      TIMED_OUT,
      { options: { timeout: 300 } },
    ),
    'an endless body ends at maxResponseBytes': json(
      () => async (exchange) => {
        await exchange.write(head({ framing: 'chunked' }));
        while (!exchange.isClosed) {
          await exchange.write(chunk(' '.repeat(65_536)));
        }
      },
      committed(
        'response_too_large unexpected_response 200 response_too_large in body',
        'UnexpectedResponseError 200 unexpected_response final in body',
        '200, then TypeError response_too_large',
      ),
      { options: { maxResponseBytes: 1_000_000 } },
    ),
    'a body that arrives one byte at a time succeeds': json(
      (way) => async (exchange) => {
        await exchange.write(head({ framing: 'chunked' }));
        for (const byte of Buffer.from(answerOf(way))) {
          await exchange.write(chunk(Uint8Array.of(byte)));
        }
        await exchange.write(LAST_CHUNK);
      },
      answered,
    ),
    'truncated JSON in a complete body': json(() => whole('{"id":"x","cho'), unexpected('{"id":"x","cho')),
    'text after the JSON': json(() => whole(`${CHAT_ANSWER} and more`), unexpected(`${CHAT_ANSWER} and more`)),
    null: json(() => whole('null'), unexpected('null')),
    'an empty object': json(() => whole('{}'), unexpected('{}')),
    'a bare string': json(() => whole('"hello"'), unexpected('"hello"')),
    'an array': json(() => whole('[]'), unexpected('[]')),
    'an empty body': json(() => whole(''), unexpected('')),
    'the response of the other API': json(
      ({ endpoint }) => whole(endpoint === 'chat' ? RESPONSES_ANSWER : CHAT_ANSWER),
      (way) => unexpected(way.endpoint === 'chat' ? RESPONSES_ANSWER : CHAT_ANSWER)(way),
    ),
    '204': {
      steps: () => [bytes('HTTP/1.1 204 No Content\r\n\r\n')],
      story: ({ entryPoint }) => ({
        requests: 1,
        attempts: '204 committed',
        ending: 'failed unexpected_response unexpected_response 204 _OTHER in body',
        caller:
          entryPoint === 'client' ? 'UnexpectedResponseError 204 unexpected_response final in body' : '204, 0 bytes',
      }),
    },
    'an error object in a 200 response': json(
      () => whole(errorBody('insufficient_quota')),
      unexpected(errorBody('insufficient_quota'), 'insufficient_quota '),
    ),
    'an error object next to an answer': json(
      () => whole(JSON.stringify({ ...JSON.parse(CHAT_ANSWER), error: { message: 'no', code: 'server_error' } })),
      (way) => {
        const body = JSON.stringify({ ...JSON.parse(CHAT_ANSWER), error: { message: 'no', code: 'server_error' } });
        return unexpected(body, 'server_error ')(way);
      },
    ),
    'a response with status failed is returned as a value': json(
      () =>
        whole(
          JSON.stringify({
            ...JSON.parse(RESPONSES_ANSWER),
            status: 'failed',
            error: { code: 'server_error', message: 'no' },
          }),
        ),
      (way) => {
        const body = JSON.stringify({
          ...JSON.parse(RESPONSES_ANSWER),
          status: 'failed',
          error: { code: 'server_error', message: 'no' },
        });
        return way.endpoint === 'chat'
          ? unexpected(body, 'server_error ')(way)
          : committed(
              'response_failed unexpected_response 200 _OTHER in body',
              'a value of 283 characters',
              `200, ${body.length} bytes`,
            )(way);
      },
    ),
    'an HTML page': {
      steps: () => [whole(HTML_PAGE, { headers: { 'content-type': 'text/html; charset=utf-8' } })],
      story: page(HTML_PAGE),
    },
    'an HTML page with a JSON content type': {
      steps: () => [whole(HTML_PAGE, { headers: JSON_TYPE })],
      story: page(HTML_PAGE),
    },
    'an HTML page without a content type': json(() => whole(HTML_PAGE, { headers: {} }), page(HTML_PAGE)),
    'an answer without content type': json((way) => whole(answerOf(way), { headers: {} }), answered),
    'an answer with the content type text/plain': json(
      (way) => whole(answerOf(way), { headers: { 'content-type': 'text/plain' } }),
      answered,
    ),
    'an answer with a byte-order mark': json(
      (way) => whole(`\ufeff${answerOf(way)}`),
      (way) => ({
        ...answered(way),
        ...(way.entryPoint === 'fetch' && {
          caller: completed(way).caller.replace(/\d+ bytes/, (text) => `${Number.parseInt(text, 10) + 3} bytes`),
        }),
      }),
    ),
    'an event stream in response to a JSON request': json(
      (way) => healthy({ ...way, mode: 'stream' }),
      (way) => ({
        requests: 1,
        attempts: '200 success',
        ending: 'failed unexpected_response unexpected_response 200 _OTHER in stream',
        caller:
          way.entryPoint === 'client'
            ? 'UnexpectedResponseError 200 unexpected_response final in stream'
            : completed({ ...way, mode: 'stream' }).caller,
      }),
    ),
    'an error event in response to a JSON request': json(
      () => events(CREATED, typedEvent('error', { code: 'server_error', message: 'no' })),
      ({ entryPoint }) => ({
        requests: 1,
        attempts: '200 success',
        ending: 'failed stream_error_event unexpected_response 200 _OTHER in stream',
        caller:
          entryPoint === 'client'
            ? 'APIError unexpected_response server_error final in stream'
            : '200, then TypeError _OTHER',
      }),
    ),
    'a gzip body': json(
      (way) => whole(gzipSync(answerOf(way)), { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } }),
      answered,
    ),
    'a content-encoding of gzip for a body that is not gzip': {
      steps: ({ mode }) => [
        whole('not gzip at all', {
          headers: { ...(mode === 'json' ? JSON_TYPE : EVENT_STREAM), 'content-encoding': 'gzip' },
        }),
      ],
      story: ({ mode, entryPoint }) =>
        mode === 'json'
          ? committed(
              'body_error unexpected_response 200 protocol_error in body',
              'APIConnectionError 200 unexpected_response retryable in body',
              '200, then TypeError protocol_error',
            )({ endpoint: 'chat', mode, entryPoint, transport: 'auto' })
          : {
              requests: 1,
              attempts: '200 success',
              ending: 'failed stream_truncated truncated_stream 200 protocol_error in stream',
              caller:
                entryPoint === 'client'
                  ? '0 events, then StreamTruncatedError 200 truncated_stream retryable in stream'
                  : '200, then TypeError protocol_error',
            },
    },
    'a gzip bomb ends at maxResponseBytes, which counts decoded bytes': json(
      () => whole(BOMB, { headers: { ...JSON_TYPE, 'content-encoding': 'gzip' } }),
      committed(
        'response_too_large unexpected_response 200 response_too_large in body',
        'UnexpectedResponseError 200 unexpected_response final in body',
        '200, then TypeError response_too_large',
      ),
      { options: { maxResponseBytes: 100_000 } },
    ),
    'eight nested content encodings': json(
      (way) =>
        whole(answerOf(way), { headers: { ...JSON_TYPE, 'content-encoding': Array(8).fill('gzip').join(', ') } }),
      ({ entryPoint }) => ({
        requests: 1,
        attempts: 'protocol_error final_transport_failure',
        ending: 'failed connection unexpected_response protocol_error in headers',
        caller:
          entryPoint === 'client'
            ? 'APIConnectionError unexpected_response final in headers'
            : 'TypeError protocol_error',
      }),
    ),
    'JSON with 40,000 nested arrays': json(
      () => whole(`${'['.repeat(40_000)}${']'.repeat(40_000)}`),
      unexpected('['.repeat(80_000)),
    ),
  });
});
