import { SCHEMA_VERSION } from './enums';

type Json = Readonly<Record<string, unknown>>;

/**
 * Converts a record of schema version 1 to version 2. Returns any other value unchanged.
 *
 * Version 2 renames the fact `door` to `entryPoint`, and its value `typed` to `client`.
 */
export function upgradeRecord(record: Json): Json {
  if (record['schema_version'] !== 1) {
    return record;
  }
  const { facts } = record;
  return { ...record, schema_version: SCHEMA_VERSION, ...(isObject(facts) && { facts: upgradeFacts(facts) }) };
}

function upgradeFacts({ door, ...facts }: Json): Json {
  return door === undefined ? facts : { ...facts, entryPoint: door === 'typed' ? 'client' : door };
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
