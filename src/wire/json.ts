/** Untrusted JSON. Read it with {@link field}: a polluted prototype or a `__proto__` key then has no effect. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function asObject(value: unknown): JsonObject | undefined {
  // The cast is safe: every field is `unknown`.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

export function field(object: JsonObject | undefined, name: string): unknown {
  const value = object?.[name];
  // Most fields are absent, so check this first: `hasOwn` costs more.
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

/** Returns a field that contains a non-negative integer. */
export function countField(object: JsonObject | undefined, name: string): number | undefined {
  return asCount(field(object, name));
}

/** Returns `undefined` for invalid JSON. V8's error is dropped because its message quotes the text. */
export function parseJson(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

/** Removes fields that are `undefined`, because `exactOptionalPropertyTypes` does not allow them. */
export function compact<T extends object>(fields: { readonly [Key in keyof T]: T[Key] | undefined }): T {
  const present: Partial<T> = {};
  for (const name of Object.keys(fields) as (keyof T)[]) {
    const value = fields[name];
    if (value !== undefined) {
      present[name] = value;
    }
  }
  // Callers pass `undefined` only for optional fields, so no required field is missing.
  return present as T;
}
