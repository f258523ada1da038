import { describe, expect, test, vi } from 'vitest';
import { createOutput } from '../../../src/cli/output/output';
import { safeText } from '../../../src/cli/output/safe-text';

function hostWith({ isTTY = false, environment = {}, write = (_text: string): boolean => true } = {}) {
  const written: string[] = [];
  const drains: (() => void)[] = [];
  const stream = {
    isTTY,
    write(text: string) {
      written.push(text);
      return write(text);
    },
    once: (_event: 'drain', listener: () => void) => drains.push(listener),
  };
  return { host: { environment, stdout: stream, stderr: stream, now: () => 0 }, written, drains };
}

describe('output', () => {
  test.each([
    ['a terminal', { isTTY: true }, {}, true],
    ['no terminal', {}, {}, false],
    ['NO_COLOR', { isTTY: true, environment: { NO_COLOR: '1' } }, {}, false],
    ['an empty NO_COLOR', { isTTY: true, environment: { NO_COLOR: '' } }, {}, true],
    ['a dumb terminal', { isTTY: true, environment: { TERM: 'dumb' } }, {}, false],
    ['--json', { isTTY: true }, { json: true }, false],
  ])('colour: %s', (_name, surroundings, flags, isColoured) => {
    const output = createOutput(hostWith(surroundings).host, flags);
    expect(output.paint('red', 'x')).toBe(isColoured ? '\u001b[31mx\u001b[39m' : 'x');
  });

  test('waits for a slow reader', async () => {
    const { host, drains } = hostWith({ write: () => false });
    const done = vi.fn();
    const writing = createOutput(host, {}).part('text').then(done);
    await Promise.resolve();
    expect(done).not.toHaveBeenCalled();
    for (const drain of drains) {
      drain();
    }
    await writing;
    expect(done).toHaveBeenCalledOnce();
  });

  test('--quiet hides notes, not results', async () => {
    const { host, written } = hostWith();
    const output = createOutput(host, { quiet: true });
    output.note('a note');
    await output.result('a result');
    await output.object({ a: 'x\u202e' });
    expect(written).toEqual(['a result\n', '{"a":"x\\u202e"}\n']);
  });

  test('removes control characters from every text', async () => {
    const hostile = 'a\u001b[2Jb\u001b]0;title\u0007c\rd\u009b31me\u202ef\u200bg\tå…\ud800';
    const { host, written } = hostWith({ isTTY: true });
    const output = createOutput(host, {});
    await output.result(`${output.paint('green', hostile)}`);
    output.note(hostile);
    const [result = '', note = ''] = written;
    expect(result).toBe('\u001b[32ma [2Jb ]0;title c d 31me f g å…\ufffd\u001b[39m\n');
    expect(note).toBe('a [2Jb ]0;title c d 31me f g å…\ufffd\n');
  });

  test('removes colours in the input if colours are off', () => {
    expect(safeText('\u001b[31mred\u001b[0m', false)).toBe(' red ');
    expect(safeText('two\nlines', false)).toBe('two\nlines');
  });
});
