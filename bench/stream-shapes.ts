import { MODEL, type StreamShape } from './protocol.ts';

/**
 * Chat streams as four kinds of upstream send them. The fields and their order follow public captures; the text is
 * synthetic. Every list holds one item for each event or comment, in the order of sending.
 */
export const STREAM_SHAPES: Readonly<Record<StreamShape, (events: number) => readonly string[]>> = {
  openai,
  deepseek,
  openrouter,
  newapi,
};

const DONE = 'data: [DONE]\n\n';
const CREATED = 1_790_000_000;
const SYLLABLES = 'ka lo mi ten ra so ver un tal in pre do ex ma ti on se ru pa li'.split(' ');
const PUNCTUATION = ['', '', '', '', '', '', ',', '.', '\n', ' "', "'s", ':', ' 3', ' é', ' 時'];

/** A token of a synthetic answer. A fixed sequence, so that all clients and all runs read the same bytes. */
function tokens(): () => string {
  let state = 0x2545f491;
  const next = (limit: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
  return () => {
    const syllables = Array.from({ length: 1 + next(3) }, () => SYLLABLES[next(SYLLABLES.length)]);
    return ` ${syllables.join('')}${PUNCTUATION[next(PUNCTUATION.length)]}`;
  };
}

const data = (value: object): string => `data: ${JSON.stringify(value)}\n\n`;
const usage = (events: number): object => ({
  prompt_tokens: 12,
  completion_tokens: events,
  total_tokens: events + 12,
  prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
  completion_tokens_details: { reasoning_tokens: 0, audio_tokens: 0 },
});

/** OpenAI pads every event with `obfuscation`, so that the length of an event does not reveal its token. */
function openai(events: number): readonly string[] {
  const token = tokens();
  const event = (delta: object, finishReason: string | null, padding: string): string =>
    data({
      id: 'chatcmpl-CqT3fV0aJk9mWd2xLbE7yHsU5oRn1',
      object: 'chat.completion.chunk',
      created: CREATED,
      model: MODEL,
      service_tier: 'default',
      system_fingerprint: 'fp_44709d6fcb',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      obfuscation: padding,
    });
  const pad = (text: string): string => 'Zx8Qw2Lr5TnB7vKe'.slice(0, Math.max(1, 16 - text.length));
  const words = Array.from({ length: events - 2 }, () => {
    const content = token();
    return event({ content }, null, pad(content));
  });
  return [
    event({ role: 'assistant', content: '', refusal: null }, null, pad('')),
    ...words,
    event({}, 'stop', pad('stop')),
    DONE,
  ];
}

/** DeepSeek sends its reasoning first, in `reasoning_content`, and the usage with the finish reason. */
function deepseek(events: number): readonly string[] {
  const token = tokens();
  const event = (delta: object, finishReason: string | null, counts?: object): string =>
    data({
      id: '930c60df-bf64-41c9-a88e-3ec75f81e00e',
      object: 'chat.completion.chunk',
      created: CREATED,
      model: 'deepseek-reasoner',
      system_fingerprint: 'fp_ffc7281d48_prod0820_fp8_kvcache',
      choices: [{ index: 0, delta, logprobs: null, finish_reason: finishReason }],
      ...(counts !== undefined && { usage: counts }),
    });
  const words = Array.from({ length: events - 2 }, (_, index) =>
    index < events / 2
      ? event({ content: null, reasoning_content: token() }, null)
      : event({ content: token(), reasoning_content: null }, null),
  );
  return [
    event({ role: 'assistant', content: null, reasoning_content: '' }, null),
    ...words,
    event({ content: '', reasoning_content: null }, 'stop', usage(events)),
    DONE,
  ];
}

/** OpenRouter sends comments while it waits for its upstream, and a last event with the usage. */
function openrouter(events: number): readonly string[] {
  const token = tokens();
  const comment = ': OPENROUTER PROCESSING\n\n';
  const event = (content: string, finishReason: string | null, counts?: object): string =>
    data({
      id: 'gen-1790000000-Hq5sPz8dXw2VbTn7KcLm',
      provider: 'OpenAI',
      model: `openai/${MODEL}`,
      object: 'chat.completion.chunk',
      created: CREATED,
      choices: [
        {
          index: 0,
          delta: { role: 'assistant', content, reasoning: null, reasoning_details: [] },
          finish_reason: finishReason,
          native_finish_reason: finishReason,
          logprobs: null,
        },
      ],
      system_fingerprint: null,
      ...(counts !== undefined && { usage: counts }),
    });
  const words = Array.from({ length: events - 2 }, (_, index) =>
    index % 40 === 39 ? `${comment}${event(token(), null)}` : event(token(), null),
  );
  return [comment, comment, ...words, event('', 'stop'), event('', null, usage(events)), DONE];
}

/** A New-API relay repeats the role in every event and ends with an event that has usage and no choices. */
function newapi(events: number): readonly string[] {
  const token = tokens();
  const event = (choices: readonly object[], counts: object | null): string =>
    data({
      id: 'chatcmpl-20261120083000123456789AbCdEfGh',
      object: 'chat.completion.chunk',
      created: CREATED,
      model: MODEL,
      system_fingerprint: null,
      choices,
      usage: counts,
    });
  const choice = (delta: object, finishReason: string | null): object => ({
    delta,
    logprobs: null,
    finish_reason: finishReason,
    index: 0,
  });
  const words = Array.from({ length: events - 2 }, () =>
    event([choice({ content: token(), role: 'assistant' }, null)], null),
  );
  return [...words, event([choice({}, 'stop')], null), event([], usage(events)), DONE];
}
