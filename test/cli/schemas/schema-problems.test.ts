import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { schemaProblems } from '../../../src/cli/schemas/schema-problems';
import { contractLedger } from '../../../src/records/contract-ledger/contract-ledger';
import { incidentPacket } from '../../../src/records/incident-packet/incident-packet';
import type { RecordKind } from '../../../src/records/shared/enums';
import { usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { allChecks } from '../../records/contract-samples';
import { completedCall, madeUpKey } from '../../records/sample-facts';
import { parseRecord } from '../../support/parse-record';
import { FAILED_CALL, SAMPLES } from './sample-records';

type Path = readonly (string | number)[];

interface Field {
  readonly path: Path;
  readonly value: unknown;
}

/** Lists the fields and items of a record. Items of an array with the same fields count once. */
function fieldsOf(record: object): readonly Field[] {
  const fields = new Map<string, Field>();
  const visit = (value: unknown, path: Path): void => {
    if (path.length > 0) {
      const key = `${nameOf(path)} ${value === null ? 'null' : typeof value}`;
      fields.set(key, fields.get(key) ?? { path, value });
    }
    if (typeof value === 'object' && value !== null) {
      for (const [name, inner] of Object.entries(value)) {
        visit(inner, [...path, Array.isArray(value) ? Number(name) : name]);
      }
    }
  };
  visit(record, []);
  return [...fields.values()];
}

function nameOf(path: Path): string {
  return path
    .map((part) => (typeof part === 'number' ? '[]' : `.${part}`))
    .join('')
    .slice(1);
}

/** Returns a copy of `record` in which `change` changed the parent of one field. */
function changed(record: object, { path }: Field, change: (parent: object, name: string) => void): object {
  const copy = structuredClone(record);
  const parent = path.slice(0, -1).reduce((value: object, part) => Reflect.get(value, part), copy);
  change(parent, String(path.at(-1)));
  return copy;
}

const cases = SAMPLES.flatMap(([kind, records]) =>
  records.map((record) => ({ kind, record, fields: fieldsOf(record) })),
);

/** Returns the names of the fields for which the changed record is valid. */
function accepted(change: (field: Field) => ((parent: object, name: string) => void) | undefined): readonly string[] {
  const names = cases.flatMap(({ kind, record, fields }) =>
    fields.flatMap((field) => {
      const apply = change(field);
      return apply !== undefined && isValid(kind, changed(record, field, apply))
        ? [`${kind} ${nameOf(field.path)}`]
        : [];
    }),
  );
  return [...new Set(names)];
}

function isValid(kind: RecordKind, value: unknown): boolean {
  return schemaProblems(kind, value).length === 0;
}

/** Replaces a value, if there is a replacement. */
function replaced(replacement: (value: unknown) => unknown) {
  return ({ value }: Field) => {
    const other = replacement(value);
    return other === undefined ? undefined : (parent: object, name: string) => Reflect.set(parent, name, other);
  };
}

const isItem = ({ path }: Field): boolean => typeof path.at(-1) === 'number';

describe('a record that a builder made', () => {
  test.each(SAMPLES)('%s: is valid', (kind, records) => {
    expect(records.map((record) => schemaProblems(kind, record))).toEqual(records.map(() => []));
  });

  test('is valid for any text of the operator', () => {
    const key = madeUpKey();
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 400 }),
      fc.constant(key),
      fc.constant('price '.repeat(90)),
    );
    fc.assert(
      fc.property(text, (value) => {
        const packet = incidentPacket(FAILED_CALL, {
          incidentId: value,
          workflow: value,
          symptom: value,
          question: value,
          guesses: [value],
          links: [value],
          notes: value,
          environmentName: value,
          commandLabel: value,
          changedFiles: [value],
        });
        const trace = usageTrace(FAILED_CALL, { notes: value, workflow: value, changedFiles: [value] });
        const ledger = contractLedger(allChecks(), {
          businessOwner: value,
          operatorInitials: value,
          endpoints: [
            { route: '/v1/chat/completions', purpose: value, parsedResponseFields: [value], openAssumptions: [value] },
          ],
        });
        parseRecord('incident_packet', JSON.parse(JSON.stringify(packet)));
        parseRecord('usage_trace', JSON.parse(JSON.stringify(trace)));
        parseRecord('contract_ledger', JSON.parse(JSON.stringify(ledger)));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a changed record', () => {
  test('is invalid without any field, except the optional facts', () => {
    const missing = accepted((field) =>
      isItem(field) ? undefined : (parent, name) => Reflect.deleteProperty(parent, name),
    );
    expect(missing).toMatchInlineSnapshot(`
      [
        "call facts.request.model",
        "call facts.request.choiceCount",
        "call facts.request.seed",
        "call facts.request.maxTokens",
        "call facts.request.temperature",
        "call facts.request.topP",
        "call facts.request.frequencyPenalty",
        "call facts.request.presencePenalty",
        "call facts.request.outputType",
        "call facts.request.serviceTier",
        "call facts.request.messageCount",
        "call facts.request.toolCount",
        "call facts.request.bodyBytes",
        "call facts.attempts[].status",
        "call facts.attempts[].contentKind",
        "call facts.attempts[].requestId",
        "call facts.attempts[].requestIdSource",
        "call facts.attempts[].retryBudgetLeft",
        "call facts.attempts[].errorType",
        "call facts.attempts[].serverCode",
        "call facts.attempts[].delayMs",
        "call facts.attempts[].delayOrigin",
        "call facts.attempts[].retryAfterMs",
        "call facts.traceId",
        "call facts.spanId",
        "call facts.status",
        "call facts.contentKind",
        "call facts.requestId",
        "call facts.requestIdSource",
        "call facts.response",
        "call facts.response.id",
        "call facts.response.model",
        "call facts.response.finishReasons",
        "call facts.response.serviceTier",
        "call facts.response.systemFingerprint",
        "call facts.response.usage",
        "call facts.response.usage.inputTokens",
        "call facts.response.usage.outputTokens",
        "call facts.response.usage.totalTokens",
        "call facts.response.usage.cacheReadInputTokens",
        "call facts.response.usage.cacheCreationInputTokens",
        "call facts.response.usage.reasoningOutputTokens",
        "call facts.responseBytes",
        "call facts.conversationId",
        "call facts.agent",
        "call facts.agent.version",
        "call facts.errorType",
        "call facts.serverCode",
        "call facts.timeToFirstChunkMs",
        "call facts.eventCount",
        "call facts.retryAfterMs",
      ]
    `);
  });

  test('is invalid if any field has another name', () => {
    const renamed = accepted((field) =>
      isItem(field)
        ? undefined
        : (parent, name) => {
            Reflect.set(parent, `${name}x`, field.value);
            Reflect.deleteProperty(parent, name);
          },
    );
    expect(renamed).toEqual([]);
  });

  test('is invalid if any field has another type, except that changed files can be a list or null', () => {
    const wrong = accepted(replaced((value) => (typeof value === 'object' && value !== null ? 'text' : {})));
    const list = accepted(replaced((value) => (Array.isArray(value) ? {} : [])));
    expect([...wrong, ...list]).toMatchInlineSnapshot(`
      [
        "usage_trace handoff.changed_files",
        "retry_evidence handoff.changed_files",
        "incident_packet handoff.changed_files",
      ]
    `);
  });

  test('is invalid with a text for a number or boolean, or a number for a text, except in attributes', () => {
    const swapped = accepted(
      replaced((value) => (typeof value === 'string' ? 7 : typeof value === 'object' ? undefined : 'text')),
    );
    expect(swapped).toMatchInlineSnapshot(`
      [
        "call facts.attributes[].value",
      ]
    `);
  });

  test('is invalid with prose in a text, except in texts that the library generates', () => {
    const prose = accepted(replaced((value) => (typeof value === 'string' ? 'some free\nprose' : undefined)));
    expect(prose).toMatchInlineSnapshot(`
      [
        "call library.name",
        "call library.version",
        "usage_trace wrapper_name",
        "usage_trace library.name",
        "usage_trace library.version",
        "retry_evidence docs_checked",
        "retry_evidence library.name",
        "retry_evidence library.version",
        "incident_packet reproduction",
        "incident_packet library.name",
        "incident_packet library.version",
        "incident_timeline window_utc",
        "incident_timeline library.name",
        "incident_timeline library.version",
        "contract_ledger endpoints[].contract_details[].verified_value",
        "contract_ledger endpoints[].contract_details[].why_it_matters",
        "contract_ledger endpoints[].contract_details[].declared_value",
        "contract_ledger library.name",
        "contract_ledger library.version",
        "run_card library.name",
        "run_card library.version",
      ]
    `);
  });

  test('is invalid with a text that is too long', () => {
    const long = accepted(replaced((value) => (typeof value === 'string' ? 'x'.repeat(70_000) : undefined)));
    expect(long).toEqual([]);
  });

  test('is invalid with a negative number or a fraction, except in durations and these fields', () => {
    const negative = accepted(replaced((value) => (typeof value === 'number' ? -1.5 : undefined)));
    expect(negative).toMatchInlineSnapshot(`
      [
        "call mono_ms",
        "call facts.request.choiceCount",
        "call facts.request.seed",
        "call facts.request.maxTokens",
        "call facts.request.temperature",
        "call facts.request.topP",
        "call facts.request.frequencyPenalty",
        "call facts.request.presencePenalty",
        "call facts.attempts[].startOffsetMs",
        "call facts.attempts[].retryBudgetLeft",
        "retry_evidence attempts[].start_offset_ms",
        "retry_evidence attempts[].retry_budget_left",
        "incident_packet attempts[].start_offset_ms",
        "incident_packet attempts[].retry_budget_left",
        "incident_timeline events[].offset_ms",
      ]
    `);
    const fraction = accepted(replaced((value) => (typeof value === 'number' ? 0.5 : undefined)));
    const isDuration = (name: string): boolean => /(?:Ms|_ms)$/.test(name);
    expect(fraction.filter((name) => !isDuration(name) && !negative.includes(name))).toEqual([]);
  });
});

describe('the problems', () => {
  const [line = {}] = SAMPLES[0]?.[1] ?? [];
  const { facts } = parseRecord('call', line);
  const of = (value: unknown) => schemaProblems('call', value);

  test('name the field that is missing, wrong or too long', () => {
    const { durationMs: _missing, ...less } = facts;
    expect(
      of({ ...line, facts: { ...less, category: 'sad', attempts: [{ ...facts.attempts[0], status: '200' }] } }),
    ).toEqual([
      { path: ['facts', 'durationMs'], code: 'invalid_type', unknownFields: 0 },
      { path: ['facts', 'attempts', 0, 'status'], code: 'invalid_type', unknownFields: 0 },
      { path: ['facts', 'category'], code: 'invalid_value', unknownFields: 0 },
    ]);
    expect(of({ ...line, library: { name: 'x'.repeat(215), version: '1' } })).toEqual([
      { path: ['library', 'name'], code: 'too_big', unknownFields: 0 },
    ]);
  });

  test('count unknown fields and never contain their names', () => {
    expect(of({ ...line, prompt: 'x', answer: 'y' })).toEqual([
      { path: [], code: 'unrecognized_keys', unknownFields: 2 },
    ]);
    expect(of(JSON.parse(`{"__proto__":{},${JSON.stringify(line).slice(1)}`))).toEqual([
      { path: [], code: 'unrecognized_keys', unknownFields: 1 },
    ]);
  });

  test('name the place inside an alternative, not the alternative', () => {
    const trace = { ...SAMPLES[1]?.[1][0], usage: { input_tokens: 1 } };
    expect(schemaProblems('usage_trace', trace).map(({ path }) => path.join('.'))).toEqual([
      'usage.output_tokens',
      'usage.total_tokens',
      'usage.cache_read_input_tokens',
      'usage.cache_creation_input_tokens',
      'usage.reasoning_output_tokens',
    ]);
  });

  test.each([undefined, null, 'text', 7, []])('reject %j', (value) => {
    expect(of(value)).toEqual([{ path: [], code: 'invalid_type', unknownFields: 0 }]);
  });

  test('reject a wrong route, such as the path of a documentation page', () => {
    const packet = incidentPacket(completedCall());
    const at = (route_template: string): boolean => isValid('incident_packet', { ...packet, route_template });
    expect([at('/v1/responses'), at('/api/text/chat')]).toEqual([true, false]);
  });
});
