import { describe } from 'vitest';
import type { Step } from '../support/fault-server';
import { type Fault, testFaults, type Way } from '../support/fault-story';
import {
  both,
  CHAT_ANSWER,
  COMPLETED,
  CREATED,
  chunk,
  DONE,
  delta,
  EVENT_STREAM,
  errorBody,
  events,
  FINISH,
  openEvents,
  RESPONSES_ANSWER,
  reset,
  typedEvent,
  whole,
} from '../support/wire-bytes';
import { allOf, completed, eventsIn, stream } from './stream-stories';

/** A fault that sends the same two events as other bytes. */
const spelled = (text: (way: Way) => string | Uint8Array): Fault =>
  stream((way) => events(text(way)), eventsIn(2, text));

/** Sends each byte as a separate chunk. */
const shredded = (way: Way): Step => events(...[...Buffer.from(allOf(way))].map((byte) => Uint8Array.of(byte)));

const wrong =
  (bytes: (way: Way) => string, category = 'unexpected_response'): Fault['story'] =>
  (way) => ({
    requests: 1,
    attempts: '200 committed',
    ending: `failed unexpected_response ${category} 200 _OTHER in body`,
    caller:
      way.entryPoint === 'client'
        ? `UnexpectedResponseError 200 ${category} final in body`
        : `200, ${bytes(way).length} bytes`,
  });

const answerOf = ({ endpoint }: Way): string => (endpoint === 'chat' ? CHAT_ANSWER : RESPONSES_ANSWER);
const PAGE = '<html><body>A proxy</body></html>';

/** A body without content type that turns out not to be an event stream. */
const noStream = (text: (way: Way) => string, category: string): Fault =>
  stream(
    (way) => whole(text(way), { headers: {}, framing: 'chunked' }),
    (way) => ({
      requests: 1,
      attempts: '200 success',
      ending: `failed unexpected_response ${category} 200 _OTHER in stream`,
      caller:
        way.entryPoint === 'client'
          ? `0 events, then UnexpectedResponseError 200 ${category} final in stream`
          : `200, ${text(way).length} bytes`,
    }),
  );

const doneInContent = ({ endpoint }: Way): string =>
  endpoint === 'chat'
    ? delta('[DONE]') + delta('data: [DONE]\n\n') + FINISH
    : CREATED + typedEvent('response.output_text.delta', { delta: '[DONE]' }) + COMPLETED;

describe('streams in an unusual form', () => {
  testFaults({
    'JSON in response to a stream request': stream((way) => whole(answerOf(way)), wrong(answerOf)),
    'an HTML page': stream(
      () => whole(PAGE, { headers: { 'content-type': 'text/html' } }),
      wrong(() => PAGE, 'path_or_base_url'),
    ),
    'JSON without a content type': noStream(answerOf, 'unexpected_response'),
    'an HTML page without a content type': noStream(() => PAGE, 'path_or_base_url'),
    'no content type': stream((way) => whole(allOf(way), { headers: {}, framing: 'chunked' }), eventsIn(2, allOf)),
    'the content type text/plain': stream(
      (way) => whole(allOf(way), { headers: { 'content-type': 'text/plain; charset=utf-8' }, framing: 'chunked' }),
      eventsIn(2, allOf),
    ),
    'a body that ends with its connection': stream(
      (way) => whole(allOf(way), { headers: EVENT_STREAM, framing: 'close' }),
      eventsIn(2, allOf),
    ),
    'each byte in a separate chunk': stream(shredded, eventsIn(2, allOf)),
    'carriage returns': spelled((way) => allOf(way).replaceAll('\n', '\r')),
    'carriage returns and line feeds': spelled((way) => allOf(way).replaceAll('\n', '\r\n')),
    'mixed line endings': spelled((way) => {
      const ends = ['\r\n', '\n', '\r'];
      let at = 0;
      return allOf(way).replace(/\n\n/g, () => `${ends[at++ % 3]}${ends[0]}`);
    }),
    'a CRLF that is split between two chunks': stream(
      (way) =>
        events(
          ...allOf(way)
            .replaceAll('\n', '\r\n')
            .split(/(?<=\r)/),
        ),
      eventsIn(2, (way) => allOf(way).replaceAll('\n', '\r\n')),
    ),
    'a byte-order mark': spelled((way) => `\ufeff${allOf(way)}`),
    'no space after the colon': spelled((way) => allOf(way).replaceAll('data: ', 'data:')),
    'an event over several data lines': spelled((way) => allOf(way).replaceAll(',"', ',\ndata: "')),
    'comments, ids, retry times and unknown fields': spelled((way) =>
      allOf(way).replaceAll('data: ', ': ping\nid: 7\nretry: 10\nretry: soon\nwhatever: x\nnonsense\ndata: '),
    ),
    'no final line ending': spelled((way) => allOf(way).replace(/\n+$/, '')),
    'bytes that are not valid UTF-8': spelled((way) => {
      const bytes = Buffer.from(allOf(way).replace('hel', 'h\x01l'));
      return Uint8Array.from(bytes, (byte) => (byte === 1 ? 0xff : byte));
    }),
    'a character that is split between two chunks': stream(
      (way) => {
        const bytes = Buffer.from(allOf(way).replace(/hel|hello/, 'h\u00e9l\ud83d\ude00'));
        const cut = bytes.indexOf(0xc3) + 1;
        return events(bytes.subarray(0, cut), bytes.subarray(cut));
      },
      eventsIn(2, (way) => allOf(way).replace(/hel|hello/, 'h\u00e9l\ud83d\ude00')),
    ),
    'no [DONE]': spelled((way) => allOf(way).replace(DONE, '')),
    'a server that keeps the connection open after the end': stream(
      (way) => openEvents(allOf(way)),
      eventsIn(2, allOf),
    ),
    'a reset after the end': stream((way) => both(openEvents(allOf(way)), reset), eventsIn(2, allOf)),
    'data after the end': stream(
      (way) => events(allOf(way), delta('more'), `data: ${errorBody()}\n\n`),
      eventsIn(2, (way) => `${allOf(way)}${delta('more')}data: ${errorBody()}\n\n`),
    ),
    'endless data after the end': stream(
      (way) =>
        both(openEvents(allOf(way)), async (exchange) => {
          while (!exchange.isClosed) {
            await exchange.write(chunk(delta('more').repeat(100)));
          }
        }),
      (way) => ({ ...eventsIn(2, allOf)(way), ...(way.entryPoint === 'fetch' && { caller: '200, many bytes' }) }),
    ),
    '[DONE] in the content': stream((way) => events(doneInContent(way)), eventsIn(3, doneInContent)),
    '[DONE] as the only event is an empty stream': stream(
      () => events(DONE),
      completed(0, () => DONE.length),
    ),
    'events with unknown names': stream(
      (way) => events('event: ping\ndata: {"type":"ping"}\n\n', allOf(way)),
      completed(3, (way) => allOf(way).length + 35),
    ),
    'events without data are ignored': spelled((way) => `data:\n\nevent: ping\n\ndata\n\n${allOf(way)}`),
    'prototype pollution keys': spelled((way) =>
      allOf(way).replace('{"id"', '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"id"'),
    ),
  });
});
