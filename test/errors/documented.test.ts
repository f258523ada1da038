import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { CometAPI } from '../../src/client';
import { CometAPIError } from '../../src/errors/cometapi-error';
import { createError } from '../../src/errors/create-error';
import { ERROR_CATEGORIES, PHASES } from '../../src/facts/enums';
import { createRedactor } from '../../src/facts/redaction/redactor';
import * as entry from '../../src/index';
import { categoryOf } from '../../src/retry/classify';
import { refusal } from '../config/config-of';
import { answeredWith } from './failed-facts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');
const page = read('docs/errors.md');

/** The rows of the table below a heading, as cells without backticks. */
function rows(heading: string): string[][] {
  const section = page.slice(page.indexOf(`## ${heading}`)).split('\n## ')[0] ?? '';
  return [...section.matchAll(/^\| (`.*) \|$/gm)].map(([, cells = '']) =>
    cells.split(' | ').map((cell) => cell.replace(/^`([^`]*)`$/, '$1')),
  );
}

const isErrorClass = (value: unknown): value is typeof CometAPIError =>
  typeof value === 'function' && (value === CometAPIError || value.prototype instanceof CometAPIError);

describe('docs/errors.md', () => {
  test('shows the current class tree, and each class is an export and a static member of the client', () => {
    const exported = Object.entries(entry).filter(([name, value]) => isErrorClass(value) && name !== 'OpenAIError') as [
      string,
      typeof CometAPIError,
    ][];
    const tree = Object.fromEntries(exported.map(([name, Class]) => [name, Object.getPrototypeOf(Class).name]));
    expect(Object.fromEntries(rows('Error classes').map(([name, parent]) => [name, parent]))).toEqual(tree);
    const members = Object.fromEntries(Object.entries(CometAPI).filter(([, value]) => isErrorClass(value)));
    expect(members).toEqual({ ...Object.fromEntries(exported), OpenAIError: CometAPIError });
  });

  test('lists the class of each status', () => {
    const byStatus = rows('Error classes').filter(([, , when]) => /^\d{3}$/.test(when ?? ''));
    const classOf = (status: number): string =>
      createError({ facts: answeredWith(status, 'unknown'), redactor: createRedactor() }).name;
    expect(byStatus.map(([, , when]) => classOf(Number(when)))).toEqual(byStatus.map(([name]) => name));
    expect(byStatus).toHaveLength(7);
  });

  test('lists every property, and states which are printed', () => {
    const error = createError({
      facts: answeredWith(400, 'invalid_request'),
      server: { serverMessage: 'x' },
      headers: new Headers(),
      redactor: createRedactor(),
    });
    const table = rows('Error properties');
    const printed = table.filter(([name, mark]) => mark === 'yes' && name !== 'message').map(([name]) => name);
    expect(printed.sort()).toEqual(Object.keys(error).sort());
    const hidden = table.filter(([, mark]) => mark === 'no').map(([name]) => name);
    const own = Object.getOwnPropertyNames(error).filter((name) => !Object.keys(error).includes(name));
    expect([...hidden, 'message', 'problems', 'stack'].sort()).toEqual([...own, 'cause'].sort());
    expect(Object.keys(refusal({}))).toEqual(['problems']);
  });

  test('lists every category and every phase', () => {
    expect(
      rows('Error categories')
        .map(([name]) => name)
        .sort(),
    ).toEqual([...ERROR_CATEGORIES].sort());
    const phases = rows('Error properties').find(([name]) => name === 'phase')?.[2];
    expect([...(phases ?? '').matchAll(/`(\w+)`/g)].map(([, errorType]) => errorType)).toEqual([...PHASES]);
  });

  test('lists the statuses of each category', () => {
    // The row of `invalid_request` describes its statuses in prose, so it is checked below.
    const listed = rows('Error categories').flatMap(([category, when = '']) =>
      category === 'invalid_request'
        ? []
        : [...when.matchAll(/\b\d{3}\b/g)].map(([status]) => [Number(status), category] as const),
    );
    expect(listed.map(([status]) => [status, categoryOf({ kind: 'response', status })])).toEqual(listed);
    expect(listed).toHaveLength(12);
    expect([400, 409, 422, 418].map((status) => categoryOf({ kind: 'response', status }))).toEqual(
      Array(4).fill('invalid_request'),
    );
    expect(categoryOf({ kind: 'response', status: 500, code: 'invalid_request' })).toBe('invalid_request');
  });

  test('shows a real configuration error', () => {
    const shown = /```\nCometAPIError: ([\s\S]*?)\n```/.exec(page)?.[1];
    expect(refusal({}, { COMETAPI_TIMEOUT_MS: '30s' }).message).toBe(shown);
  });
});
