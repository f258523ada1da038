/** Reading untrusted JSON: own properties only, so that a polluted prototype or a `__proto__` key changes nothing (L-18). */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  // An array has no fields we read; any other object is read field by field with checks.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function field(object: JsonObject | undefined, name: string): unknown {
  const value = object?.[name];
  // What is absent, as most fields are, needs no second look.
  return value === undefined || (object !== undefined && Object.hasOwn(object, name)) ? value : undefined;
}

export function objectField(object: JsonObject | undefined, name: string): JsonObject | undefined {
  return asObject(field(object, name));
}

export function arrayField(object: JsonObject | undefined, name: string): readonly unknown[] | undefined {
  const value = field(object, name);
  return Array.isArray(value) ? value : undefined;
}

export function stringField(object: JsonObject | undefined, name: string): string | undefined {
  const value = field(object, name);
  return typeof value === 'string' ? value : undefined;
}

export function asNumber(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isFinite(value) ? value : undefined;
}

export function asCount(value: unknown): number | undefined {
  return typeof value === 'number' && value >= 0 && Number.isSafeInteger(value) ? value : undefined;
}

/** A count as the gateway reports it. */
export function countField(object: JsonObject | undefined, name: string): number | undefined {
  return asCount(field(object, name));
}

/** Parses without V8's message, which quotes the text (L-7). */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** An object without the fields that are `undefined`, as `exactOptionalPropertyTypes` wants it. */
export function compact<T extends object>(fields: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  const present: Partial<T> = {};
  for (const name of Object.keys(fields) as (keyof T)[]) {
    const value = fields[name];
    if (value !== undefined) {
      present[name] = value;
    }
  }
  // Only `undefined` is left out, which an optional field may lack.
  return present as T;
}
