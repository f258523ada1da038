/** The build to measure. `BENCH_CORE` selects another one. */
export const core: string = process.env['BENCH_CORE'] ?? new URL('../dist/index.js', import.meta.url).href;
