import { expect, test } from 'vitest';
import type { CallFacts } from '../../src/facts/call-facts';
import {
  ATTEMPT_OPENING_ROWS,
  ATTEMPT_ROWS,
  CLOSED_ROWS,
  OPENING_ROWS,
  type Row,
  TOKEN_ROWS,
} from '../../src/telemetry/attributes';
import * as semconv from '../../src/telemetry/semconv';

const ROWS = [...OPENING_ROWS, ...ATTEMPT_OPENING_ROWS, ...ATTEMPT_ROWS, ...CLOSED_ROWS, ...TOKEN_ROWS];

test('the table contains every attribute name, and no signal gets an attribute twice at one time', () => {
  const names = Object.entries(semconv).filter(([key]) => key.startsWith('ATTR_'));
  expect([...new Set(ROWS.map((row) => row.name))].toSorted()).toEqual(names.map(([, name]) => name).toSorted());
  for (const rows of [OPENING_ROWS, ATTEMPT_OPENING_ROWS, ATTEMPT_ROWS, CLOSED_ROWS, TOKEN_ROWS]) {
    const places = rows.flatMap((row: Row<never>) => row.on.map((signal) => `${row.name} on ${signal}`));
    expect(places).toEqual([...new Set(places)]);
  }
});

test('no metric has an id, a URL, a resend count or a user attribute', () => {
  const onMetrics = ROWS.filter((row) =>
    row.on.some((signal) => !['gen_ai_span', 'http_span', 'http_event'].includes(signal)),
  );
  expect([...new Set(onMetrics.map((row) => row.name))].toSorted()).toEqual([
    'cometapi.call.ending',
    'cometapi.endpoint.family',
    'cometapi.retry.reason',
    'error.type',
    'gen_ai.operation.name',
    'gen_ai.provider.name',
    'gen_ai.request.model',
    'gen_ai.response.model',
    'gen_ai.token.type',
    'http.request.method',
    'http.response.status_code',
    'server.address',
    'server.port',
    'url.template',
  ]);
});

test('the table accepts only leaves of the facts', () => {
  const prose: string = 'any text at all';
  const rows: Row<CallFacts>[] = [
    { name: 'a', on: [], fact: (call) => call.ending },
    // @ts-expect-error a plain string is not a leaf
    { name: 'b', on: [], fact: () => prose },
    // @ts-expect-error an object is not a leaf
    { name: 'c', on: [], fact: (call) => call.request },
    // @ts-expect-error an unknown value is not a leaf
    { name: 'd', on: [], fact: (): unknown => prose },
  ];
  expect(rows).toHaveLength(4);
});
