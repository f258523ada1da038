/** The build that is measured; another one can be named, to compare two. */
export const core: string = process.env['BENCH_CORE'] ?? new URL('../dist/index.js', import.meta.url).href;
