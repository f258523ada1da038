import type { UsageFacts } from '../../facts/call-facts';
import { FAMILIES } from '../../facts/endpoints';
import type { CallRecord } from '../../records/call-line/call-record';

/** The result of `records stats`: counts and reported numbers, never a cost. */
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
  /** Number of calls, by the number of requests they sent. */
  readonly calls_by_requests: Readonly<Record<string, number>>;
  readonly retried_calls: number;
  readonly retries: number;
  /** Requests that may have reached CometAPI although another request followed. */
  readonly sends_maybe_doubled: number;
  readonly calls_maybe_doubled: number;
  /** Calls for which CometAPI reported tokens. */
  readonly calls_with_usage: number;
  /** Sums of the reported tokens. `null` if no call reported this number. */
  readonly reported_tokens: Readonly<TokenSums>;
}

interface TokenSums {
  input_tokens: number | null;
  output_tokens: number | null;
  total_tokens: number | null;
  cache_read_input_tokens: number | null;
  cache_creation_input_tokens: number | null;
  reasoning_output_tokens: number | null;
}

type Counts = Map<string, number>;

/** Counts calls one by one, in constant memory. */
export class CallCounter {
  readonly #endings: Counts = new Map();
  readonly #categories: Counts = new Map();
  readonly #families: Counts = new Map();
  readonly #upstreams: Counts = new Map();
  readonly #callsByRequests: Counts = new Map();
  readonly #tokens: TokenSums = {
    input_tokens: null,
    output_tokens: null,
    total_tokens: null,
    cache_read_input_tokens: null,
    cache_creation_input_tokens: null,
    reasoning_output_tokens: null,
  };
  #calls = 0;
  #requests = 0;
  #retried = 0;
  #sendsMaybeDoubled = 0;
  #callsMaybeDoubled = 0;
  #withUsage = 0;
  #first: string | undefined;
  #last: string | undefined;

  add({ facts }: CallRecord): void {
    const { attempts, startedAt, endedAt } = facts;
    this.#calls++;
    this.#requests += attempts.length;
    this.#retried += attempts.length > 1 ? 1 : 0;
    for (const attempt of attempts) {
      this.#sendsMaybeDoubled += attempt.maybeSentTwice ? 1 : 0;
    }
    this.#callsMaybeDoubled += facts.maybeSentTwice ? 1 : 0;
    count(this.#endings, facts.ending);
    count(this.#categories, facts.category);
    count(this.#families, FAMILIES[facts.family].name);
    count(this.#upstreams, facts.upstream);
    count(this.#callsByRequests, String(attempts.length));
    this.#addUsage(facts.response?.usage);
    // Timestamps of this format sort as text.
    this.#first = this.#first === undefined || startedAt < this.#first ? startedAt : this.#first;
    this.#last = this.#last === undefined || endedAt > this.#last ? endedAt : this.#last;
  }

  statistics(): CallStatistics {
    return {
      calls: this.#calls,
      first_started_at: this.#first ?? null,
      last_ended_at: this.#last ?? null,
      endings: sorted(this.#endings),
      error_categories: sorted(this.#categories),
      request_families: sorted(this.#families),
      upstreams: sorted(this.#upstreams),
      requests: this.#requests,
      requests_per_call: this.#calls === 0 ? 0 : Math.round((this.#requests / this.#calls) * 1_000) / 1_000,
      calls_by_requests: sorted(this.#callsByRequests),
      retried_calls: this.#retried,
      retries: this.#requests - this.#callsWithRequests(),
      sends_maybe_doubled: this.#sendsMaybeDoubled,
      calls_maybe_doubled: this.#callsMaybeDoubled,
      calls_with_usage: this.#withUsage,
      reported_tokens: { ...this.#tokens },
    };
  }

  /** A call may end before it sends a request. */
  #callsWithRequests(): number {
    return this.#calls - (this.#callsByRequests.get('0') ?? 0);
  }

  #addUsage(usage: UsageFacts | undefined): void {
    if (usage === undefined) {
      return;
    }
    this.#withUsage++;
    const sums = this.#tokens;
    sums.input_tokens = plus(sums.input_tokens, usage.inputTokens);
    sums.output_tokens = plus(sums.output_tokens, usage.outputTokens);
    sums.total_tokens = plus(sums.total_tokens, usage.totalTokens);
    sums.cache_read_input_tokens = plus(sums.cache_read_input_tokens, usage.cacheReadInputTokens);
    sums.cache_creation_input_tokens = plus(sums.cache_creation_input_tokens, usage.cacheCreationInputTokens);
    sums.reasoning_output_tokens = plus(sums.reasoning_output_tokens, usage.reasoningOutputTokens);
  }
}

function plus(sum: number | null, tokens: number | undefined): number | null {
  return tokens === undefined ? sum : (sum ?? 0) + tokens;
}

function count(counts: Counts, value: string): void {
  counts.set(value, (counts.get(value) ?? 0) + 1);
}

/** Most frequent first. */
function sorted(counts: Counts): Readonly<Record<string, number>> {
  const entries = [...counts].sort(([value, times], [other, more]) => more - times || (value < other ? -1 : 1));
  return Object.fromEntries(entries);
}
