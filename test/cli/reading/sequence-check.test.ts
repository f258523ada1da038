import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { SequenceCheck } from '../../../src/cli/reading/sequence-check';

function record(writer: string, seq: number) {
  return { recordId: `019a0000-0000-7000-8000-00000000000${writer}`, seq };
}

function missing(
  runs: readonly { readonly writer: string; readonly from: number; readonly to: number }[],
): readonly string[] {
  return runs.flatMap(({ writer, from, to }) =>
    Array.from({ length: to - from + 1 }, (_, at) => `${writer.slice(-1)}${from + at}`),
  );
}

describe('SequenceCheck', () => {
  test('finds missing and repeated numbers in any order', () => {
    const lines = fc.array(fc.tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 12 })), { maxLength: 30 });
    fc.assert(
      fc.property(lines, (written) => {
        const sequence = new SequenceCheck();
        const seen = new Set<string>();
        for (const [at, [writer, seq]] of written.entries()) {
          const isRepeated = sequence.isRepeated(record(writer, seq), { path: 'file', line: at + 1 });
          expect(isRepeated).toBe(seen.has(`${writer}${seq}`));
          seen.add(`${writer}${seq}`);
        }
        const expected = ['a', 'b'].flatMap((writer) => {
          const numbers = [...seen].filter((name) => name.startsWith(writer)).map((name) => Number(name.slice(1)));
          return Array.from({ length: Math.max(0, ...numbers) }, (_, at) => at + 1)
            .filter((number) => !numbers.includes(number))
            .map((number) => `${writer}${number}`);
        });
        expect([...missing(sequence.gaps()), ...missing(sequence.lateStarts())].sort()).toEqual(expected.sort());
      }),
    );
  });

  test('reports a gap at the line after it', () => {
    const sequence = new SequenceCheck();
    for (const [line, seq] of [1, 2, 5, 6, 9].entries()) {
      sequence.isRepeated(record('a', seq), { path: 'file', line: line + 1 });
    }
    expect(sequence.gaps()).toEqual([
      { path: 'file', line: 3, writer: '00000000000a', from: 3, to: 4 },
      { path: 'file', line: 5, writer: '00000000000a', from: 7, to: 8 },
    ]);
    expect(sequence.lateStarts()).toEqual([]);
  });
});
