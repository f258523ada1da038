import type { Behavior, Exchange, Family } from './exchange';
import type { Steps } from './step';

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
}

/** By name, so that a scenario made by the CommonJS copy of this package works in a simulator of the other. */
const PLAY = Symbol.for('cometapi-otel.scenario');

type Play = (isLast: boolean) => Player;

/**
 * How `scenario` is played: called with whether nothing follows it, it makes a fresh player.
 *
 * @throws TypeError when it is no scenario, for example `scenario.ok` without its parentheses
 */
export function playOf(scenario: Scenario): Play {
  // Anything may come from a caller without types; the next line looks.
  const { [PLAY]: play } = scenario as { readonly [PLAY]?: Play };
  if (play === undefined) {
    throw new TypeError('This is not a scenario: scenario.ok() makes one, scenario.ok does not.');
  }
  return play;
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
 * Each family has a scenario, and a place in it, of its own. A family that is not named gets `otherwise`. It is used up
 * when the family that asks is.
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

/** The same scenario with every answer changed; `see` changes how it sees the request. */
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
    // biome-ignore lint/suspicious/noThenProperty: `.then(next)` reads as what it does; `chained` answers an await with an error
    then: chained,
    forever: () => repeated(play, Number.POSITIVE_INFINITY),
    [PLAY]: play,
  };
  function chained(next: Scenario | (() => Scenario), ...more: readonly unknown[]): Scenario {
    const [reject] = more;
    if (typeof reject === 'function') {
      // Only `await` passes a second function. Calling the first would hang or lose the scenario.
      reject(
        new TypeError('A scenario is a value, not a promise: do not await it or return it from an async function.'),
      );
      return made;
    }
    return sequence(made, typeof next === 'function' ? next() : next);
  }
  return Object.freeze(made);
}

function repeated(play: Play, count: number): Scenario {
  if (count !== Number.POSITIVE_INFINITY && !(Number.isInteger(count) && count >= 0)) {
    throw new RangeError('times() takes a natural number.');
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
