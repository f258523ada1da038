import type { Exchange } from './exchange';
import { randomCharacters } from './identifiers';

/** Token counts as an answer reports them. */
export interface TokenUsage {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cachedInputTokens: number;
  readonly reasoningTokens: number;
}

/** How generation came to its end. */
export type AnswerEnding = 'stop' | 'length' | 'content_filter' | 'tool_calls' | 'failed';

/** One answer, before any endpoint gives it a shape. */
export interface Answer {
  /** Without prefix; each endpoint has its own. */
  readonly id: string;
  readonly createdSeconds: number;
  readonly model: string;
  /** The text in the pieces a stream delivers. */
  readonly pieces: readonly string[];
  readonly ending: AnswerEnding;
  readonly toolCall?: { readonly id: string; readonly name: string; readonly arguments: string };
  /** Absent: the gateway reports none. */
  readonly usage?: TokenUsage;
  /** Whether a chat stream has a usage chunk. */
  readonly usageChunk: boolean;
  readonly choiceCount: number;
  /** Whether the fields a client must treat as optional are there. */
  readonly complete: boolean;
}

/** Choices of `scenario.ok()`. */
export interface AnswerOptions {
  /** The answered text. @default 'This is a simulated answer.' */
  readonly text?: string;
  /** The answered model. @default the simulator's `answeredModel` */
  readonly model?: string;
  /** Token counts: `false` reports none, `true` also where a stream was not asked for them. @default as asked */
  readonly usage?: boolean | Partial<TokenUsage>;
  /** How many deltas a stream has, or the deltas themselves. @default one a word */
  readonly chunks?: number | readonly string[];
  /** Pause before each delta of a stream, in ms. @default 0 */
  readonly delayMs?: number;
  /** Pause before the first byte of the answer, in ms. @default 0 */
  readonly latencyMs?: number;
  /** Why generation ended. @default 'stop' */
  readonly finish?: 'stop' | 'length';
}

/** What the other answers differ in. */
export interface AnswerVariant {
  readonly ending?: AnswerEnding;
  readonly pieces?: readonly string[];
  readonly tool?: { readonly name?: string; readonly arguments?: string };
}

const DEFAULT_TEXT = 'This is a simulated answer.';
const DEFAULT_USAGE: TokenUsage = { inputTokens: 12, outputTokens: 7, cachedInputTokens: 4, reasoningTokens: 2 };

/** The answer to one request. */
export function composeAnswer(exchange: Exchange, options: AnswerOptions, variant: AnswerVariant = {}): Answer {
  const { settings, fields } = exchange;
  const askedModel = String(fields['model'] ?? 'simulated-model');
  const { answeredModel } = settings;
  const { n: choices } = fields;
  const usage = options.usage;
  const includeUsage = asksForUsage(fields['stream_options']);
  return {
    id: randomCharacters(24),
    createdSeconds: Math.floor(exchange.request.at / 1000),
    model: options.model ?? (typeof answeredModel === 'string' ? answeredModel : answeredModel(askedModel)),
    pieces: variant.pieces ?? piecesOf(options.text ?? DEFAULT_TEXT, options.chunks),
    ending: variant.ending ?? options.finish ?? 'stop',
    ...(variant.tool === undefined ? {} : { toolCall: composeToolCall(variant.tool, fields['tools']) }),
    ...(usage === false ? {} : { usage: { ...DEFAULT_USAGE, ...(typeof usage === 'object' ? usage : {}) } }),
    usageChunk:
      settings.usageInStream === 'when_asked' ? includeUsage || usage === true : settings.usageInStream === 'always',
    // More than the documented maximum would only cost memory.
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
  // More chunks than characters: the rest repeat the text's pieces, so that `chunks` is always the number of deltas.
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

/** Chat nests the name under `function`; responses and messages do not. */
function firstToolName(tools: unknown): string | undefined {
  const first: unknown = Array.isArray(tools) ? tools[0] : undefined;
  if (typeof first !== 'object' || first === null) {
    return undefined;
  }
  const holder: unknown = 'function' in first ? first.function : first;
  const name: unknown = typeof holder === 'object' && holder !== null && 'name' in holder ? holder.name : undefined;
  return typeof name === 'string' ? name : undefined;
}
