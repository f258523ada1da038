import { randomBytes } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { identifier } from '../../src/facts/identifier';
import { createRedactor } from '../../src/facts/redaction/redactor';
import { uuidV4, uuidV7 } from '../../src/facts/uuid';

const ZEROS = new Uint8Array(16);
const ONES = new Uint8Array(16).fill(0xff);

describe('a UUIDv7', () => {
  test('starts with its time and contains version and variant', () => {
    const at = Date.UTC(2026, 10, 21, 12, 0, 0);
    const milliseconds = at.toString(16).padStart(12, '0');
    expect([uuidV7(at, ZEROS), uuidV7(at, ONES)]).toEqual([
      `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7000-8000-000000000000`,
      `${milliseconds.slice(0, 8)}-${milliseconds.slice(8)}-7fff-bfff-ffffffffffff`,
    ]);
  });

  test('equals the example of the standard (RFC 9562 A.6)', () => {
    const random = Uint8Array.from([0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]);
    expect(uuidV7(0x017f22e279b0, random)).toBe('017f22e2-79b0-7cc3-98c4-dc0c0c07398f');
  });

  test('sorts by time', () => {
    const moments = [0, 1, 255, 256, 65_536, 2 ** 32, Date.UTC(2026, 10, 21), Date.UTC(2026, 10, 21) + 1, 2 ** 48 - 1];
    const ids = moments.map((moment) => uuidV7(moment, randomBytes(10)));
    expect([...ids].sort()).toEqual(ids);
  });

  test('accepts negative and fractional times', () => {
    expect(uuidV7(-5, ZEROS)).toBe('00000000-0000-7000-8000-000000000000');
    expect(uuidV7(5.9, ZEROS)).toBe('00000000-0005-7000-8000-000000000000');
  });
});

test('a UUIDv4 is random except for its version and variant', () => {
  expect([uuidV4(ZEROS), uuidV4(ONES)]).toEqual([
    '00000000-0000-4000-8000-000000000000',
    'ffffffff-ffff-4fff-bfff-ffffffffffff',
  ]);
  // The random bytes of RFC 9562 A.3, before version and variant are set.
  const example = Buffer.from('919108f752d1f320dbacf847db4148a8', 'hex');
  expect(uuidV4(example)).toBe('919108f7-52d1-4320-9bac-f847db4148a8');
  const random = randomBytes(16);
  const before = [...random];
  uuidV4(random);
  expect([...random]).toEqual(before);
});

test('both match the pattern of an id', () => {
  const redactor = createRedactor();
  for (const id of [uuidV7(Date.now(), randomBytes(10)), uuidV4(randomBytes(16))]) {
    expect(identifier('id', id, redactor)).toBe(id);
  }
});
