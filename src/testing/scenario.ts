import type { Behavior, Exchange, Family } from './exchange';

/** Plays a scenario request by request. `undefined`: used up, the next in the chain answers. */
export interface Player {
  next(exchange: Exchange): Behavior | undefined;
}

/**
 * What happens to requests, as a value: immutable, so one scenario can be part of many and be used again.
 *
 * A scenario alone goes on for ever. In a chain each link answers one request unless `times` says otherwise, and the last
 * one goes on for ever. When a scenario is used up the simulator answers as `scenario.ok()`.
 *
 * Not a promise, though it has a `then`: awaiting one is an error and says so.
 */
export interface Scenario {
  /** Repeats it for `count` requests (a chain: `count` rounds). Throws a `RangeError` unless `count` is a natural number. */
  times(count: number): Scenario;
  /** What answers when this is used up. A function is called: `.then(scenario.ok)`. */
  then(next: Scenario | (() => Scenario)): Scenario;
  /** Repeats it without end, a chain from its beginning. */
  forever(): Scenario;
  /** For the simulator: a fresh player. `isLast` is whether nothing follows. */
  play(isLast: boolean): Player;
}

/** A scenario that does one thing. */
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

/** One after the other. */
export function sequence(...links: readonly Scenario[]): Scenario {
  return composable((isLast) => {
    const players = links.map((link, index) => link.play(isLast && index === links.length - 1));
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

/** Each family has a scenario, and a place in it, of its own. A family that is not named gets `otherwise`. */
export function byFamily(scenarios: Readonly<Partial<Record<Family, Scenario>>>, otherwise: Behavior): Scenario {
  return composable((isLast) => {
    const players = new Map<Family, Player>();
    return {
      next(exchange) {
        const named = scenarios[exchange.family];
        if (named === undefined) {
          return otherwise;
        }
        const player = players.get(exchange.family) ?? named.play(isLast);
        players.set(exchange.family, player);
        return player.next(exchange);
      },
    };
  });
}

function composable(play: (isLast: boolean) => Player): Scenario {
  const made: Scenario = {
    times: (count) => repeated(made, count),
    then: chained,
    forever: () => repeated(made, Number.POSITIVE_INFINITY),
    play,
  };
  function chained(next: Scenario | (() => Scenario), ...more: readonly unknown[]): Scenario {
    const [reject] = more;
    if (typeof reject === 'function') {
      // Only `await` passes a second function. Calling the first would hang or lose the scenario.
      reject(new TypeError('A scenario is a value, not a promise: do not await it or return it from an async function.'));
      return made;
    }
    return sequence(made, typeof next === 'function' ? next() : next);
  }
  return Object.freeze(made);
}

function repeated(scenario: Scenario, count: number): Scenario {
  if (count !== Number.POSITIVE_INFINITY && !(Number.isInteger(count) && count >= 0)) {
    throw new RangeError('times() takes a natural number.');
  }
  return composable(() => {
    let round = 0;
    let player: Player | undefined;
    return {
      next(exchange) {
        while (round < count) {
          player ??= scenario.play(false);
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
