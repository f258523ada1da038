import type { Behavior, Exchange, Family } from '../exchange';
import type { Steps } from '../step';

/** Plays a scenario, request by request. `next` returns `undefined` when the scenario is used up. */
export interface Player {
  next(exchange: Exchange): Behavior | undefined;
}

/**
 * A description of how the simulator answers requests.
 *
 * A single scenario answers all requests. In a chain, each link answers one request unless `times` sets another number,
 * and the last link answers all remaining requests. When a scenario is used up, the simulator answers like
 * `scenario.ok()`.
 *
 * A scenario is immutable, so you can use it in several places. It is not a promise, although it has a `then` method.
 * Awaiting one rejects with a TypeError.
 *
 * @example
 * scenario.fail(503).times(2).then(scenario.ok)
 */
export interface Scenario {
  /**
   * Repeats the scenario for `count` requests, or a chain for `count` rounds.
   *
   * @throws RangeError if `count` is not a whole number of at least 0
   */
  times(count: number): Scenario;
  /** Appends the scenario that answers after this one. A function that returns it also works: `.then(scenario.ok)`. */
  then(next: Scenario | (() => Scenario)): Scenario;
  /** Repeats the scenario, or the whole chain, without end. */
  forever(): Scenario;
}

/** A registered symbol: a scenario of the CommonJS build must work in a simulator of the ESM build. */
const PLAY = Symbol.for('cometapi-otel.scenario');

type Play = (isLast: boolean) => Player;

/**
 * Returns a function that creates a player of `scenario`. Its argument is true if no scenario follows.
 *
 * @throws TypeError if the value is not a scenario, for example `scenario.ok` without parentheses
 */
export function playOf(scenario: Scenario): Play {
  // A caller without types may pass any value. The next line checks it.
  const { [PLAY]: play } = scenario as { readonly [PLAY]?: Play };
  if (play === undefined) {
    throw new TypeError('This is not a scenario. Call the function: scenario.ok(), not scenario.ok.');
  }
  return play;
}

/** Creates a scenario with a single behavior. */
export function single(behavior: Behavior): Scenario {
  return composable((isLast) => {
    let isUsed = false;
    return {
      next() {
        if (isUsed && !isLast) {
          return undefined;
        }
        isUsed = true;
        return behavior;
      },
    };
  });
}

/** Plays scenarios in order. Each answers one request unless `times` sets another number; the last answers the rest. */
export function sequence(...links: readonly Scenario[]): Scenario {
  const plays = links.map(playOf);
  return composable((isLast) => {
    const players = plays.map((play, index) => play(isLast && index === plays.length - 1));
    let current = 0;
    return {
      next(exchange) {
        for (; current < players.length; current++) {
          const behavior = players[current]?.next(exchange);
          if (behavior !== undefined) {
            return behavior;
          }
        }
        return undefined;
      },
    };
  });
}

/**
 * Plays a separate scenario for each family of endpoints. A family without one gets `otherwise`. The whole is used up
 * when the scenario of the requested family is.
 */
export function byFamily(scenarios: Readonly<Partial<Record<Family, Scenario>>>, otherwise: Behavior): Scenario {
  const plays = new Map(Object.entries(scenarios).map(([family, one]) => [family, playOf(one)]));
  return composable((isLast) => {
    const players = new Map([...plays].map(([family, play]) => [family, play(isLast)]));
    return {
      next(exchange) {
        const player = players.get(exchange.family);
        return player === undefined ? otherwise : player.next(exchange);
      },
    };
  });
}

/** Changes every answer of a scenario. `see` changes the request that the scenario receives. */
export function transformed(
  of: Scenario,
  transform: (steps: Steps, exchange: Exchange) => Steps,
  see: (exchange: Exchange) => Exchange = (exchange) => exchange,
): Scenario {
  const play = playOf(of);
  return composable((isLast) => {
    const player = play(isLast);
    return {
      next(exchange) {
        const behavior = player.next(exchange);
        return behavior && { ...behavior, steps: (now) => transform(behavior.steps(see(now)), now) };
      },
    };
  });
}

function composable(play: Play): Scenario {
  const made: Scenario & { readonly [PLAY]: Play } = {
    times: (count) => repeated(play, count),
    // biome-ignore lint/suspicious/noThenProperty: `.then(next)` is part of the API; `chained` rejects an `await`
    then: chained,
    forever: () => repeated(play, Number.POSITIVE_INFINITY),
    [PLAY]: play,
  };
  function chained(next: Scenario | (() => Scenario), ...more: readonly unknown[]): Scenario {
    const [reject] = more;
    if (typeof reject === 'function') {
      // Only `await` passes a second function. Calling the first one would hang or lose the scenario.
      reject(new TypeError('A scenario is not a promise. Do not await it or return it from an async function.'));
      return made;
    }
    return sequence(made, typeof next === 'function' ? next() : next);
  }
  return Object.freeze(made);
}

function repeated(play: Play, count: number): Scenario {
  if (count !== Number.POSITIVE_INFINITY && !(Number.isInteger(count) && count >= 0)) {
    throw new RangeError('times() requires a whole number, 0 or higher.');
  }
  return composable(() => {
    let round = 0;
    let player: Player | undefined;
    return {
      next(exchange) {
        while (round < count) {
          player ??= play(false);
          const behavior = player.next(exchange);
          if (behavior !== undefined) {
            return behavior;
          }
          round++;
          player = undefined;
        }
        return undefined;
      },
    };
  });
}
