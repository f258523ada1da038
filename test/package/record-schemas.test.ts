import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { recordSchemas } from '../../scripts/record-schemas';
import { SCHEMA_VERSION } from '../../src/records/shared/enums';
import { SAMPLES } from '../cli/schemas/sample-records';

const schemas = recordSchemas();

/** Lists the places of all objects in a schema for which `isMet` is true. */
function placesWhere(schema: unknown, isMet: (part: object) => boolean): readonly string[] {
  const places: string[] = [];
  const visit = (part: unknown, path: string): void => {
    if (typeof part !== 'object' || part === null) {
      return;
    }
    if (isMet(part)) {
      places.push(path);
    }
    for (const [name, inner] of Object.entries(part)) {
      visit(inner, `${path}/${name}`);
    }
  };
  visit(schema, '');
  return places;
}

describe.each([...schemas])('the published schema of %s', (kind, schema) => {
  test('names its draft, its kind and its version', () => {
    expect(schema).toMatchObject({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      type: 'object',
      properties: { record: { const: kind }, schema_version: { const: SCHEMA_VERSION } },
    });
  });

  test('allows no extra fields at any level', () => {
    const isOpen = (part: object): boolean =>
      Reflect.get(part, 'type') === 'object' && Reflect.get(part, 'additionalProperties') !== false;
    expect(placesWhere(schema, isOpen)).toEqual([]);
  });

  test('limits every text', () => {
    const limits = ['const', 'enum', 'pattern', 'maxLength'];
    const isUnlimited = (part: object): boolean =>
      [Reflect.get(part, 'type')].flat().includes('string') && !limits.some((keyword) => keyword in part);
    expect(placesWhere(schema, isUnlimited)).toEqual([]);
  });

  test('has descriptions without links to code', () => {
    expect(JSON.stringify(schema)).toContain('"description"');
    expect(JSON.stringify(schema)).not.toContain('{@');
  });

  test('accepts the records of the builders, and rejects them without any of their fields', () => {
    const isValid = new Ajv2020({ allowUnionTypes: true }).compile(schema);
    const records = SAMPLES.find(([sample]) => sample === kind)?.[1] ?? [];
    expect(records.map((record) => isValid(record))).toEqual(records.map(() => true));
    const [first = {}] = records;
    const missing = Object.keys(first).filter((name) => isValid({ ...first, [name]: undefined }));
    expect(missing).toEqual([]);
  });
});
