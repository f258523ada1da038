/** A type under construction. Setting optional fields one by one costs a quarter of spreading them in. */
export type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
