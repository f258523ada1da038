/** What is being put together: fields that may be absent are set one by one, which copying them in does at four times the cost. */
export type Writable<T> = { -readonly [Name in keyof T]: T[Name] };
