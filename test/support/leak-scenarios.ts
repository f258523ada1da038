import type { Scenario } from '../../src/simulator/scenarios/scenario';
import { scenario } from '../../src/simulator/scenarios/scenarios';
import { privateAnswer } from './leak-answers';
import type { Canaries } from './leak-canaries';
import type { LeakRunOptions } from './leak-run';

/** A server behavior, with canaries in the response. */
export interface LeakScenario {
  readonly make: (canaries: Canaries) => Scenario;
  readonly options?: Pick<LeakRunOptions, 'limitsPass' | 'followsUp'>;
}

const waiting = { limitsPass: true } as const;

function refused(status: number): LeakScenario {
  return { make: (canaries) => scenario.fail(status, { message: canaries.text('error message') }) };
}

const FINAL_STATUSES = [400, 401, 402, 403, 404, 405, 409, 413, 415, 422, 501];
const RETRIED_STATUSES = [408, 429, 500, 502, 503, 504, 520, 529];

/** Successful calls, every class of failure, and every ending of a stream. */
export const LEAK_SCENARIOS: Readonly<Record<string, LeakScenario>> = {
  'an answer': { make: (canaries) => scenario.ok({ text: canaries.text('answer') }) },
  'an answer with all fields': {
    make: privately,
    options: { followsUp: true },
  },
  'a tool call': {
    make: (canaries) =>
      scenario.toolCalls({ name: canaries.word('answered tool'), arguments: canaries.text('answered arguments') }),
  },
  'a filtered answer': { make: () => scenario.contentFilter() },
  'an incomplete answer': { make: (canaries) => scenario.responseIncomplete({ text: canaries.text('answer') }) },
  'a failed answer': { make: (canaries) => scenario.responseFailed({ text: canaries.text('answer') }) },
  'an answer that repeats key and prompt': { make: () => scenario.echo() },
  'hostile JSON': { make: (canaries) => scenario.hostileJson({ of: scenario.ok({ text: canaries.text('answer') }) }) },
  ...Object.fromEntries(
    [...FINAL_STATUSES, ...RETRIED_STATUSES].map((status) => [`status ${status}`, refused(status)]),
  ),
  'status 500 with a final code': { make: () => scenario.fail(500, { code: 'invalid_request' }) },
  'an unknown model': {
    make: (canaries) => scenario.fail(503, { code: 'model_not_found', message: canaries.text('error message') }),
  },
  'a Retry-After that is too long': { make: () => scenario.fail(429, { retryAfter: 3_600 }) },
  'a retry that succeeds': {
    make: (canaries) =>
      scenario
        .fail(503)
        .times(5)
        .then(scenario.ok({ text: canaries.text('answer') })),
  },
  'an error that repeats key and prompt': { make: () => scenario.echo({ status: 401 }) },
  'a retried error that repeats key and prompt': { make: () => scenario.echo({ status: 500 }) },
  'an error body that hangs': { make: () => scenario.fail(401, { body: 'hang' }), options: waiting },
  'an error without a body': { make: () => scenario.fail(401, { body: 'empty' }) },
  'an error with 200': { make: (canaries) => scenario.errorIn200({ message: canaries.text('error message') }) },
  'a page with 200': { make: () => scenario.html200() },
  'a redirect': {
    make: (canaries) =>
      scenario.redirect(307, `https://other.example/${canaries.word('location')}?k=${canaries.apiKey}`),
  },
  'no connection': { make: () => scenario.unreachable('ECONNREFUSED') },
  'no such host': { make: () => scenario.unreachable('ENOTFOUND') },
  'a reset': { make: () => scenario.reset() },
  'a reset within the body': { make: () => scenario.reset({ at: 'mid_body' }) },
  'a closed connection': { make: () => scenario.cut({ at: 'before' }) },
  'a truncated body': { make: () => scenario.cut() },
  silence: { make: () => scenario.stall(), options: waiting },
  'silence after the headers': { make: () => scenario.stall({ at: 'after_headers' }), options: waiting },
  'silence within the body': { make: () => scenario.stall({ at: 'mid_stream' }), options: waiting },
  'only comments': { make: () => scenario.stall({ commentsOnly: true }), options: waiting },
  'an error event': { make: (canaries) => scenario.errorEvent({ message: canaries.text('error message') }) },
  'a truncated stream': { make: () => scenario.truncatedStream() },
  'a stream without [DONE]': { make: () => scenario.noDone() },
  'a server that stays connected after the end': { make: () => scenario.lingerAfterDone(), options: waiting },
  'data after the end': { make: () => scenario.dataAfterDone() },
  'JSON instead of events': { make: () => scenario.jsonForStream() },
  'events instead of JSON': { make: () => scenario.streamForJson() },
  'truncated JSON': { make: () => scenario.truncatedJson() },
  'another content type': { make: () => scenario.contentType('text/plain') },
  'no content type': { make: () => scenario.contentType(null) },
  'a damaged body': { make: () => scenario.gzip({ corrupt: true }) },
  'a damaged chunk': { make: () => scenario.chunkError() },
  'a body that is not JSON': { make: (canaries) => scenario.respond({ body: canaries.text('answer') }) },
  'an event that is not JSON': {
    make: (canaries) =>
      scenario.respond({
        headers: { 'content-type': 'text/event-stream' },
        body: `data: {"id":"${canaries.word('broken event')}\n\n`,
      }),
  },
};

/** Sends no content type. The client then reads the body as the form it requested, JSON or events. */
function privately(canaries: Canaries): Scenario {
  return scenario.respond({ headers: { 'content-type': '' }, body: (request) => privateAnswer(canaries, request) });
}
