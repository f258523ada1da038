import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import * as semconv from '../../src/telemetry/semconv';

const PAGE = readFileSync(new URL('../../docs/telemetry.md', import.meta.url), 'utf8');
const IN_OUR_NAMESPACES = /`((?:gen_ai|http|url|server|openai|error|cometapi)\.[a-z0-9_.]+)`/g;

test('docs/telemetry.md lists every attribute, metric and event, and no other', () => {
  const named = new Set([...PAGE.matchAll(IN_OUR_NAMESPACES)].map(([, name]) => name));
  expect([...named].toSorted()).toEqual(Object.values(semconv).toSorted());
});
