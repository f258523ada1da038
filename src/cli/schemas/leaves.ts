import { z } from 'zod';
import { GRAMMAR, type Identifier, type IdentifierKind } from '../../facts/identifier';
import type { AnnotationText } from '../../records/shared/annotations';

/** Casts a zod string schema to a branded output type. */
function branded<Text extends string>(schema: z.ZodString): z.ZodType<Text> {
  // The pattern of `schema` is the grammar of the branded type. It does not prove that the text contains no secret.
  return schema as unknown as z.ZodType<Text>;
}

/** A string that matches the grammar of its kind. */
export function identifier<Kind extends IdentifierKind>(kind: Kind): z.ZodType<Identifier<Kind>> {
  return branded(z.string().regex(GRAMMAR[kind]));
}

export const id = identifier('id');
export const name = identifier('name');
export const timestamp = identifier('timestamp');
export const jsonPath = identifier('json_path');
/** `_OTHER` replaces a name that does not match the grammar. */
export const model = branded<Identifier<'model'>>(
  z.string().regex(/^(?:_OTHER|[A-Za-z0-9][A-Za-z0-9._/@:+-]{0,127})$/),
);

/** Free text of the operator, on one line. Redaction may lengthen it, so the limit is above that of the input. */
export const annotationText = branded<AnnotationText>(z.string().min(1).max(8_192).regex(ONE_LINE()));

/** A count as a string. */
export const digits = branded<`${number}`>(z.string().regex(/^\d{1,15}$/));

/** Two timestamps separated by a slash. */
export const interval = branded<`${string}/${string}`>(
  z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z\/\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z$/),
);

/** Generated text that contains only numbers and enum values. */
export const sentence = z.string().min(1).max(4_096).regex(ONE_LINE());

export const count = z.int().min(0);
export const milliseconds = z.number().min(0);

function ONE_LINE(): RegExp {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the pattern excludes control characters
  return /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;
}
