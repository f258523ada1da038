import { z } from 'zod';
import type { Redactor } from '../../facts/redaction/redactor';
import { callRecordSchema } from '../schemas/record-schemas';
import type { CallLine, LineShape } from './call-line';
import { schemaViolations } from './schema-violations';
import { secretFields } from './secret-fields';

/** As the library makes ids of calls and lines, and moments; no secret has these shapes, and each line has many. */
const OURS = /^(?:[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}|\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{3})?Z)$/;
const OURS_SAMPLES = ['01a200e0-e8bc-70aa-885c-ca286657cbd7', '2026-11-21T10:00:00.000Z'];

/** Of fifteen digits: no longer one is recognised. */
const MAX_WHOLE = 999_999_999_999_999;

/** What may stand at an open place, and what did on the line before. */
interface OpenPlace {
  readonly schema: z.ZodType | undefined;
  /** Asking the schema each time would be half of the work. */
  readonly numbers: 'all' | 'whole' | 'ask';
  /** Takes every id of ours and every moment. */
  readonly takesOurs: boolean;
  last: unknown;
}

/**
 * Checks lines that have a shape in common. What they have in common is looked through once; of each line only the open
 * values are, unless they are those of the line before.
 */
export class ShapeCheck {
  readonly #guard: Redactor;
  readonly #isClean: boolean;
  readonly #places: readonly OpenPlace[];

  /** @param guard knows the shapes of secrets */
  constructor({ like, paths }: LineShape, redactor: Redactor) {
    this.#guard = redactor;
    this.#isClean = schemaViolations('call', like).length === 0 && secretFields(like, redactor).length === 0;
    this.#places = paths.map((path) => placeOf(leafOf(callRecordSchema, path)));
  }

  /** Whether the schema is kept and no secret seen. When not, somebody has to look at the whole line to tell what it is. */
  passes(call: CallLine): boolean {
    if (!this.#isClean) {
      return false;
    }
    for (const [at, value] of call.openValues().entries()) {
      const place = this.#places[at];
      if (place === undefined || (value !== place.last && !this.#accepts(place, value))) {
        return false;
      }
      place.last = value;
    }
    return true;
  }

  #accepts({ schema, numbers, takesOurs }: OpenPlace, value: string | number): boolean {
    if (typeof value === 'number' && (numbers === 'all' || (numbers === 'whole' && Number.isInteger(value)))) {
      return true;
    }
    if (typeof value === 'string' && takesOurs && OURS.test(value)) {
      return true;
    }
    if (schema?.safeParse(value).success !== true) {
      return false;
    }
    return typeof value === 'number' || OURS.test(value) || !this.#guard.looksSensitive(value);
  }
}

/** Numbers of a line are neither negative nor longer than the last of these. What a schema takes of them has no holes. */
function placeOf(schema: z.ZodType | undefined): OpenPlace {
  const takes = (value: number | string): boolean => schema?.safeParse(value).success === true;
  const takesWhole = takes(0) && takes(MAX_WHOLE);
  return {
    schema,
    numbers: takesWhole ? (takes(0.5) ? 'all' : 'whole') : 'ask',
    takesOurs: OURS_SAMPLES.every(takes),
    last: undefined,
  };
}

/** The schema of what stands at `path`; `undefined` where it cannot be told, so that nothing is accepted there. */
function leafOf(whole: z.ZodType, path: string): z.ZodType | undefined {
  let schema: z.ZodType | undefined = whole;
  for (const name of path.replaceAll('[]', '.[]').split('.')) {
    schema = insideOf(bare(schema), name);
  }
  return schema;
}

function insideOf(schema: unknown, name: string): z.ZodType | undefined {
  const inner: unknown =
    name === '[]' && schema instanceof z.ZodArray
      ? schema.element
      : schema instanceof z.ZodObject
        ? schema.shape[name]
        : undefined;
  return inner instanceof z.ZodType ? inner : undefined;
}

/** What is inside of "optional" and "nullable". */
function bare(schema: unknown): unknown {
  return schema instanceof z.ZodOptional || schema instanceof z.ZodNullable || schema instanceof z.ZodExactOptional
    ? bare(schema.unwrap())
    : schema;
}
