/** The large input is this many times as long as the small one. */
export const LARGER = 8;

/**
 * The highest allowed growth. Linear time grows 8-fold and quadratic time 64-fold, so the limit leaves a margin of
 * almost 3 on both sides.
 */
export const LINEAR = 24;

const ROUNDS = 5;
/** One measurement of the small input takes at least this long. Shorter ones are mostly noise. */
const MIN_SAMPLE_MS = 0.25;

/**
 * Returns how many times as much CPU time `work` takes for `large` as for `small`.
 *
 * Compares both sizes in the same process, so the result does not depend on the speed of the machine. Returns the median
 * of several rounds, so another process or a garbage collection cannot change it much.
 */
export function growthOf<Input>(work: (input: Input) => unknown, small: Input, large: Input): number {
  let repeats = 1;
  while (cpuMsOf(() => work(small), repeats) < MIN_SAMPLE_MS) {
    repeats *= 2;
  }
  const ratios = Array.from(
    { length: ROUNDS },
    () => cpuMsOf(() => work(large), repeats) / cpuMsOf(() => work(small), repeats),
  );
  return ratios.sort((a, b) => a - b)[Math.floor(ROUNDS / 2)] ?? Number.NaN;
}

/** CPU time, because it does not include the time in which other processes run. */
function cpuMsOf(work: () => unknown, repeats: number): number {
  const from = process.cpuUsage();
  for (let run = 0; run < repeats; run++) {
    work();
  }
  const { user, system } = process.cpuUsage(from);
  return (user + system) / 1_000;
}
