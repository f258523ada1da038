import { z } from 'zod';
import { GRAMMAR, type Label, type LabelKind } from '../../facts/identifier';
import type { DeclaredText } from '../../records/shared/annotations';

/** Casts a zod string schema to a branded output type. */
function branded<Text extends string>(schema: z.ZodString): z.ZodType<Text> {
  // The pattern of `schema` is the grammar of the branded type. It does not prove that the text contains no secret.
  return schema as unknown as z.ZodType<Text>;
}

/** A string that matches the grammar of its kind. */
export function label<Kind extends LabelKind>(kind: Kind): z.ZodType<Label<Kind>> {
  return branded(z.string().regex(GRAMMAR[kind]));
}

export const id = label('id');
export const name = label('name');
export const timestamp = label('timestamp');
export const jsonPath = label('json_path');
/** `_OTHER` replaces a name that does not match the grammar. */
export const model = branded<Label<'model'>>(z.string().regex(/^(?:_OTHER|[A-Za-z0-9][A-Za-z0-9._/@:+-]{0,127})$/));

/** Free text of the operator, on one line. Redaction may lengthen it, so the limit is above that of the input. */
export const declaredText = branded<DeclaredText>(z.string().min(1).max(8_192).regex(ONE_LINE()));

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
