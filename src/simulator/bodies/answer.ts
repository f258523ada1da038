import type { Exchange } from '../exchange';
import { randomCharacters } from './identifiers';

/** Token counts that an answer reports. The simulator does not count tokens; the defaults are constants. */
export interface TokenUsage {
  /** Tokens of the prompt. @default 12 */
  readonly inputTokens: number;
  /** Tokens of the answer. @default 7 */
  readonly outputTokens: number;
  /** Input tokens read from a cache. @default 4 */
  readonly cachedInputTokens: number;
  /** Output tokens used for reasoning. @default 2 */
  readonly reasoningTokens: number;
}

/** The reason why the generation ended. */
export type AnswerEnding = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'failed';

/** One answer, independent of the endpoint. */
export interface Answer {
  /** Without a prefix, because each endpoint has its own. */
  readonly id: string;
  readonly createdSeconds: number;
  readonly model: string;
  /** The text, split into the deltas of a stream. */
  readonly pieces: readonly string[];
  readonly ending: AnswerEnding;
  readonly toolCall?: { readonly id: string; readonly name: string; readonly arguments: string };
  /** Absent if the answer reports no usage. */
  readonly usage?: TokenUsage;
  /** True if a chat stream contains a usage chunk. */
  readonly usageChunk: boolean;
  readonly choiceCount: number;
  /** True if the answer contains the fields that a client must treat as optional. */
  readonly complete: boolean;
}

/** Options of `scenario.ok()` and of the other answers. */
export interface AnswerOptions {
  /** Text of the answer. @default 'This is a simulated answer.' */
  readonly text?: string;
  /** Model named in the answer. @default the simulator's `answeredModel` */
  readonly model?: string;
  /**
   * Token counts. `false` reports none. `true` also reports them in a chat stream that did not request them. An object
   * overrides single counts.
   *
   * @default reported; in a chat stream as the simulator's `usageInStream` says
   */
  readonly usage?: boolean | Partial<TokenUsage>;
  /** Number of deltas in a stream, or the deltas themselves. @default one per word */
  readonly chunks?: number | readonly string[];
  /** Pause before each delta of a stream, in milliseconds. @default 0 */
  readonly delayMs?: number;
  /** Pause before the first byte of the answer, in milliseconds. @default 0 */
  readonly latencyMs?: number;
  /** Reason why the generation ends. `length` means the token limit. @default 'stop' */
  readonly finish?: 'stop' | 'length';
}

/** Differences of the other answers from `scenario.ok()`. */
export interface AnswerVariant {
  readonly ending?: AnswerEnding;
  readonly pieces?: readonly string[];
  readonly tool?: { readonly name?: string; readonly arguments?: string };
}

const DEFAULT_TEXT = 'This is a simulated answer.';
const DEFAULT_USAGE: TokenUsage = { inputTokens: 12, outputTokens: 7, cachedInputTokens: 4, reasoningTokens: 2 };

/** Builds the answer to one request. */
export function composeAnswer(exchange: Exchange, options: AnswerOptions, variant: AnswerVariant = {}): Answer {
  const { settings, fields } = exchange;
  const requestedModel = String(fields['model'] ?? 'simulated-model');
  const { answeredModel } = settings;
  const { n: choices } = fields;
  const usage = options.usage;
  const includeUsage = asksForUsage(fields['stream_options']);
  return {
    id: randomCharacters(24),
    createdSeconds: Math.floor(exchange.request.at / 1000),
    model: options.model ?? (typeof answeredModel === 'string' ? answeredModel : answeredModel(requestedModel)),
    pieces: variant.pieces ?? piecesOf(options.text ?? DEFAULT_TEXT, options.chunks),
    ending: variant.ending ?? options.finish ?? 'stop',
    ...(variant.tool === undefined ? {} : { toolCall: composeToolCall(variant.tool, fields['tools']) }),
    ...(usage === false ? {} : { usage: { ...DEFAULT_USAGE, ...(typeof usage === 'object' ? usage : {}) } }),
    usageChunk:
      settings.usageInStream === 'when_asked' ? includeUsage || usage === true : settings.usageInStream === 'always',
    // 128 is the documented maximum. More choices would only use memory.
    choiceCount: typeof choices === 'number' && choices >= 1 ? Math.min(Math.floor(choices), 128) : 1,
    complete: !settings.omitOptionalFields,
  };
}

function asksForUsage(streamOptions: unknown): boolean {
  return (
    typeof streamOptions === 'object' &&
    streamOptions !== null &&
    'include_usage' in streamOptions &&
    streamOptions.include_usage === true
  );
}

function piecesOf(text: string, chunks: AnswerOptions['chunks']): readonly string[] {
  if (typeof chunks === 'object') {
    return chunks;
  }
  if (chunks === undefined) {
    return text.match(/\S*\s*/g)?.filter((piece) => piece !== '') ?? [];
  }
  const size = Math.max(1, Math.ceil(text.length / Math.max(1, chunks)));
  // If there are more chunks than characters, the extra deltas are '.', so `chunks` is always the number of deltas.
  return Array.from({ length: chunks }, (_, index) => text.slice(index * size, (index + 1) * size) || '.');
}

function composeToolCall(
  tool: { readonly name?: string; readonly arguments?: string },
  tools: unknown,
): { readonly id: string; readonly name: string; readonly arguments: string } {
  return {
    id: `call_${randomCharacters(24)}`,
    name: tool.name ?? firstToolName(tools) ?? 'simulated_tool',
    arguments: tool.arguments ?? '{"note":"simulated"}',
  };
}

/** Returns the name of the first tool. Chat nests it under `function`; responses and messages do not. */
function firstToolName(tools: unknown): string | undefined {
  const first: unknown = Array.isArray(tools) ? tools[0] : undefined;
  if (typeof first !== 'object' || first === null) {
    return undefined;
  }
  const holder: unknown = 'function' in first ? first.function : first;
  const name: unknown = typeof holder === 'object' && holder !== null && 'name' in holder ? holder.name : undefined;
  return typeof name === 'string' ? name : undefined;
}
