import { expect, test } from 'vitest';
import { knownUrl } from '../../../src/call/request/known-url';

test('a URL is parsed once, until 64 others fill the cache', () => {
  const url = knownUrl('https://gateway.example/v1/responses');
  expect(url?.href).toBe('https://gateway.example/v1/responses');
  expect(knownUrl('https://gateway.example/v1/responses')).toBe(url);
  for (let at = 0; at < 65; at++) {
    knownUrl(`https://gateway.example/v1/responses/${at}`);
  }
  const again = knownUrl('https://gateway.example/v1/responses');
  expect(again).not.toBe(url);
  expect(again?.href).toBe(url?.href);
});

test('an invalid URL is undefined', () => {
  expect(knownUrl('gateway.example')).toBeUndefined();
  expect(knownUrl('https://gateway.example:port/')).toBeUndefined();
});
