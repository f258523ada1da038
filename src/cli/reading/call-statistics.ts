import type { UsageFacts } from '../../facts/call-facts';
import { FAMILIES } from '../../facts/endpoints';
import type { CallLine } from './call-line';

/** What `records stats` tells; counts and reported numbers, never a cost. */
export interface CallStatistics {
  readonly calls: number;
  readonly first_started_at: string | null;
  readonly last_ended_at: string | null;
  readonly endings: Readonly<Record<string, number>>;
  readonly error_categories: Readonly<Record<string, number>>;
  readonly request_families: Readonly<Record<string, number>>;
  readonly upstreams: Readonly<Record<string, number>>;
  /** Requests sent, over all calls. */
  readonly requests: number;
  readonly requests_per_call: number;
  /** How many calls took so many requests. */
  readonly calls_by_requests: Readonly<Record<string, number>>;
  readonly retried_calls: number;
  readonly retries: number;
  /** Requests that may have arrived although another was sent after them. */
  readonly sends_maybe_doubled: number;
  readonly calls_maybe_doubled: number;
  /** Calls for which the gateway reported tokens. */
  readonly calls_with_usage: number;
  /** Sums of what was reported; `null` is a number nobody reported. */
  readonly reported_tokens: Readonly<Record<TokenName, number | null>>;
}

const TOKENS = [
  ['input_tokens', 'facts.response.usage.inputTokens'],
  ['output_tokens', 'facts.response.usage.outputTokens'],
  ['total_tokens', 'facts.response.usage.totalTokens'],
  ['cache_read_input_tokens', 'facts.response.usage.cacheReadInputTokens'],
  ['cache_creation_input_tokens', 'facts.response.usage.cacheCreationInputTokens'],
  ['reasoning_output_tokens', 'facts.response.usage.reasoningOutputTokens'],
] as const satisfies readonly (readonly [string, `facts.response.usage.${keyof UsageFacts}`])[];

type TokenName = (typeof TOKENS)[number][0];

/** Counts calls one by one; holds numbers only, whatever the length of the file. */
export class CallCounter {
  readonly #counts = new Map<string, Map<string, number>>();
  readonly #tokens = new Map<TokenName, number>();
  #calls = 0;
  #requests = 0;
  #retried = 0;
  #sendsMaybeDoubled = 0;
  #callsMaybeDoubled = 0;
  #withUsage = 0;
  #first: string | undefined;
  #last: string | undefined;

  add(call: CallLine): void {
    const { facts } = call.like;
    const attempts = facts.attempts.length;
    this.#calls++;
    this.#requests += attempts;
    this.#retried += attempts > 1 ? 1 : 0;
    this.#sendsMaybeDoubled += facts.attempts.filter((attempt) => attempt.maybeSentTwice).length;
    this.#callsMaybeDoubled += facts.maybeSentTwice ? 1 : 0;
    this.#count('ending', facts.ending);
    this.#count('category', facts.category);
    this.#count('family', FAMILIES[facts.family].name);
    this.#count('upstream', facts.upstream);
    this.#count('requests', String(attempts));
    this.#addUsage(call);
    // Timestamps of one form sort as text.
    const startedAt = call.text('facts.startedAt') ?? '';
    const endedAt = call.text('facts.endedAt') ?? '';
    this.#first = this.#first === undefined || startedAt < this.#first ? startedAt : this.#first;
    this.#last = this.#last === undefined || endedAt > this.#last ? endedAt : this.#last;
  }

  statistics(): CallStatistics {
    return {
      calls: this.#calls,
      first_started_at: this.#first ?? null,
      last_ended_at: this.#last ?? null,
      endings: this.#sorted('ending'),
      error_categories: this.#sorted('category'),
      request_families: this.#sorted('family'),
      upstreams: this.#sorted('upstream'),
      requests: this.#requests,
      requests_per_call: this.#calls === 0 ? 0 : Math.round((this.#requests / this.#calls) * 1_000) / 1_000,
      calls_by_requests: this.#sorted('requests'),
      retried_calls: this.#retried,
      retries: this.#requests - this.#callsWithRequests(),
      sends_maybe_doubled: this.#sendsMaybeDoubled,
      calls_maybe_doubled: this.#callsMaybeDoubled,
      calls_with_usage: this.#withUsage,
      reported_tokens: {
        input_tokens: this.#tokens.get('input_tokens') ?? null,
        output_tokens: this.#tokens.get('output_tokens') ?? null,
        total_tokens: this.#tokens.get('total_tokens') ?? null,
        cache_read_input_tokens: this.#tokens.get('cache_read_input_tokens') ?? null,
        cache_creation_input_tokens: this.#tokens.get('cache_creation_input_tokens') ?? null,
        reasoning_output_tokens: this.#tokens.get('reasoning_output_tokens') ?? null,
      },
    };
  }

  /** A call may end before anything was sent. */
  #callsWithRequests(): number {
    return this.#calls - (this.#counts.get('requests')?.get('0') ?? 0);
  }

  #count(what: string, word: string): void {
    const counts = this.#counts.get(what) ?? new Map<string, number>();
    this.#counts.set(what, counts.set(word, (counts.get(word) ?? 0) + 1));
  }

  #addUsage(call: CallLine): void {
    if (call.like.facts.response?.usage === undefined) {
      return;
    }
    this.#withUsage++;
    for (const [name, path] of TOKENS) {
      const tokens = call.number(path);
      if (tokens !== undefined) {
        this.#tokens.set(name, (this.#tokens.get(name) ?? 0) + tokens);
      }
    }
  }

  /** Most frequent first. */
  #sorted(what: string): Readonly<Record<string, number>> {
    const counts = [...(this.#counts.get(what) ?? [])];
    return Object.fromEntries(counts.sort(([word, count], [other, more]) => more - count || (word < other ? -1 : 1)));
  }
}
