import { describe, expectTypeOf, test } from 'vitest';
import type { AttemptFacts, CallFacts, CallOpening } from '../../src/facts/call-facts';
import type { StatusText } from '../../src/facts/enums';
import type { Identifier, IdentifierKind } from '../../src/facts/identifier';
import type { AttemptOpening, SpanIds } from '../../src/facts/observer';

/** The paths at which `Fact` could contain text of a user or a provider; `never` if there is none. */
type OpenPaths<Fact, Path extends string = ''> =
  IsAny<Fact> extends true
    ? Path
    : unknown extends Fact
      ? Path
      : Fact extends number | boolean | null | undefined
        ? never
        : Fact extends string
          ? IsChecked<Fact> extends true
            ? never
            : Path
          : Fact extends readonly (infer Item)[]
            ? OpenPaths<Item, `${Path}[]`>
            : Fact extends ((...parameters: never[]) => unknown) | bigint | symbol | Error
              ? Path
              : Fact extends object
                ? HasIndexSignature<Fact> extends true
                  ? Path
                  : {
                      [Key in keyof Fact & string]-?: OpenPaths<Exclude<Fact[Key], undefined>, `${Path}.${Key}`>;
                    }[keyof Fact & string]
                : Path;

type IsAny<T> = 0 extends 1 & T ? true : false;

/** True for a label (checked by its pattern), a status (digits) and a literal (a constant of this library). */
type IsChecked<Text extends string> =
  Text extends Identifier<IdentifierKind> ? true : Text extends StatusText ? true : IsLiteral<Text>;

// `Record` of a literal has a required key. `Record` of `string`, or of a pattern, has an index signature.
type IsLiteral<Text extends string> = Record<never, never> extends Record<Text, 1> ? false : true;

type HasIndexSignature<T> = true extends
  | (string extends keyof T ? true : false)
  | (number extends keyof T ? true : false)
  | (symbol extends keyof T ? true : false)
  ? true
  : keyof T extends never
    ? true
    : false;

/** Accepts only `never`. The compile error names the first open path. */
type NoneOf<Paths extends never> = Paths;

// biome-ignore lint/suspicious/noExplicitAny: the test must detect `any`
type Anything = any;

describe('every leaf of the facts is a number, a boolean, an enum value or a checked label', () => {
  test('in a call, its opening and its attempts', () => {
    expectTypeOf<OpenPaths<CallFacts>>().toBeNever();
    expectTypeOf<OpenPaths<CallOpening>>().toBeNever();
    expectTypeOf<OpenPaths<AttemptFacts>>().toBeNever();
    expectTypeOf<OpenPaths<AttemptOpening>>().toBeNever();
    expectTypeOf<OpenPaths<SpanIds>>().toBeNever();
  });

  test('the check reaches nested objects and arrays', () => {
    type Branches = CallFacts & { readonly response: { readonly usage: { readonly note: string } } };
    expectTypeOf<OpenPaths<Branches>>().toEqualTypeOf<'.response.usage.note'>();
    type Attempts = Omit<CallFacts, 'attempts'> & {
      readonly attempts: readonly (AttemptFacts & { readonly why?: string })[];
    };
    expectTypeOf<OpenPaths<Attempts>>().toEqualTypeOf<'.attempts[].why'>();
  });
});

describe('a fact of a forbidden type', () => {
  test('is found, whatever the type', () => {
    expectTypeOf<OpenPaths<{ readonly a: string }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a?: unknown }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: Anything }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: Error }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: Readonly<Record<string, number>> }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: readonly string[] }>>().toEqualTypeOf<'.a[]'>();
    expectTypeOf<OpenPaths<{ readonly a: 'word' | (string & {}) }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: `x-${string}` }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: object }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: () => string }>>().toEqualTypeOf<'.a'>();
    expectTypeOf<OpenPaths<{ readonly a: number } | { readonly b: string }>>().toEqualTypeOf<'.b'>();
  });

  test('is a compile error', () => {
    expectTypeOf<NoneOf<OpenPaths<CallFacts>>>().toBeNever();
    // @ts-expect-error a plain string
    expectTypeOf<NoneOf<OpenPaths<CallFacts & { readonly note: string }>>>();
    // @ts-expect-error unknown
    expectTypeOf<NoneOf<OpenPaths<CallFacts & { readonly body?: unknown }>>>();
    // @ts-expect-error any
    expectTypeOf<NoneOf<OpenPaths<CallFacts & { readonly body: Anything }>>>();
    // @ts-expect-error an Error contains a message
    expectTypeOf<NoneOf<OpenPaths<CallFacts & { readonly cause?: Error }>>>();
    // @ts-expect-error an index signature
    expectTypeOf<NoneOf<OpenPaths<CallFacts & { readonly headers: { readonly [name: string]: number } }>>>();
  });

  test('cannot be a string that was not checked as a label', () => {
    expectTypeOf<string>().not.toExtend<Identifier<'id'>>();
    expectTypeOf<'prose'>().not.toExtend<Identifier<'id'>>();
    expectTypeOf<Identifier<'model'>>().not.toExtend<Identifier<'id'>>();
  });
});
