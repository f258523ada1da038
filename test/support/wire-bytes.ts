import type { Step } from './fault-server';

/** Steps and bytes that build HTTP responses by hand. The content is synthetic. See test/README.md. */

export interface AnswerShape {
  readonly status?: number;
  readonly reason?: string;
  readonly version?: '1.0' | '1.1';
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** The end of the body: content-length, the last chunk, or the end of the connection. @default 'length' */
  readonly framing?: 'length' | 'chunked' | 'close';
}

/** Status line and headers. */
export function head(shape: AnswerShape = {}, bodyBytes = 0): string {
  const { status = 200, reason = 'Some reason', version = '1.1', framing = 'length' } = shape;
  const lines = Object.entries(shape.headers ?? { 'content-type': 'application/json' }).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name}: ${value}`),
  );
  const length = { length: [`content-length: ${bodyBytes}`], chunked: ['transfer-encoding: chunked'], close: [] };
  return [`HTTP/${version} ${status} ${reason}`, ...lines, ...length[framing], '', ''].join('\r\n');
}

/** One chunk of a chunked body. */
export function chunk(bytes: string | Uint8Array): Uint8Array {
  const data = Buffer.from(bytes);
  return Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
}

export const LAST_CHUNK = '0\r\n\r\n';

/** Sends a complete response in one write. */
export function whole(body: string | Uint8Array, shape: AnswerShape = {}): Step {
  const data = Buffer.from(body);
  return async (exchange) => {
    const framed = shape.framing === 'chunked' ? Buffer.concat([chunk(data), Buffer.from(LAST_CHUNK)]) : data;
    await exchange.write(Buffer.concat([Buffer.from(head(shape, data.length)), framed]));
    if (shape.framing === 'close' || shape.version === '1.0') {
      exchange.end();
    }
  };
}

export const EVENT_STREAM = { 'content-type': 'text/event-stream' } as const;

/** Sends an event stream, each part as one chunk in one write, and ends it cleanly. */
export function events(...parts: readonly (string | Uint8Array)[]): Step {
  return async (exchange) => {
    await openEvents(...parts)(exchange);
    await exchange.write(LAST_CHUNK);
  };
}

/** Sends an event stream, each part as one chunk in one write, and leaves it open. */
export function openEvents(...parts: readonly (string | Uint8Array)[]): Step {
  return async (exchange) => {
    await exchange.write(head({ headers: EVENT_STREAM, framing: 'chunked' }));
    for (const part of parts) {
      await exchange.write(chunk(part));
    }
  };
}

/** Runs one step and then another. */
export function both(step: Step, next: Step): Step {
  return async (exchange) => {
    await step(exchange);
    await next(exchange);
  };
}

/** Sends nothing and leaves the connection open. */
export const silence: Step = () => undefined;
/** Resets the connection (RST). */
export const reset: Step = (exchange) => exchange.reset();
/** Closes the connection cleanly (FIN). */
export const close: Step = (exchange) => exchange.end();
/** Sends raw bytes, each part in one write, and leaves the connection open. */
export const bytes =
  (...parts: readonly (string | Uint8Array)[]): Step =>
  async (exchange) => {
    for (const part of parts) {
      await exchange.write(part);
    }
  };

export const CHAT_ANSWER = JSON.stringify({
  id: 'chatcmpl-1',
  object: 'chat.completion',
  created: 1,
  model: 'gpt-test',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1, total_tokens: 4 },
});

export const RESPONSES_ANSWER = JSON.stringify({
  id: 'resp_1',
  object: 'response',
  status: 'completed',
  model: 'gpt-test',
  output: [{ type: 'message', content: [{ type: 'output_text', text: 'hello' }] }],
  usage: { input_tokens: 3, output_tokens: 1, total_tokens: 4 },
});

/** One chunk event of a chat stream. */
export function delta(content: string, more: Readonly<Record<string, unknown>> = {}): string {
  return `data: ${JSON.stringify({
    id: 'chatcmpl-1',
    object: 'chat.completion.chunk',
    model: 'gpt-test',
    choices: [{ index: 0, delta: { content }, finish_reason: null }],
    ...more,
  })}\n\n`;
}

/** The chat event with `finish_reason`. */
export const FINISH = delta('', { choices: [{ index: 0, delta: {}, finish_reason: 'stop' }] });
export const DONE = 'data: [DONE]\n\n';

/** One event of a responses stream. */
export function typedEvent(type: string, more: Readonly<Record<string, unknown>> = {}): string {
  return `event: ${type}\ndata: ${JSON.stringify({ type, sequence_number: 0, ...more })}\n\n`;
}

export const CREATED = typedEvent('response.created', {
  response: { id: 'resp_1', object: 'response', status: 'in_progress', model: 'gpt-test', output: [] },
});
export const TEXT_DELTA = typedEvent('response.output_text.delta', { delta: 'hello' });
export const COMPLETED = typedEvent('response.completed', { response: JSON.parse(RESPONSES_ANSWER) });

/** An error body in the format of CometAPI. */
export function errorBody(code = 'server_error', message = 'something failed'): string {
  return JSON.stringify({ error: { message, type: 'comet_api_error', param: null, code } });
}
