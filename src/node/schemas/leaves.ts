import { z } from 'zod';
import { GRAMMAR, type Label, type LabelKind } from '../../facts/label';
import type { DeclaredText } from '../../records/declared';

/** A text with a type of its own: zod knows only that it is one. */
function branded<Text extends string>(schema: z.ZodString): z.ZodType<Text> {
  // The pattern of `schema` is the grammar that the type stands for; that no secret is in it, only a guard can tell.
  return schema as unknown as z.ZodType<Text>;
}

/** A label: a text of the grammar of its kind. */
export function label<Kind extends LabelKind>(kind: Kind): z.ZodType<Label<Kind>> {
  return branded(z.string().regex(GRAMMAR[kind]));
}

export const id = label('id');
export const name = label('name');
export const timestamp = label('timestamp');
export const jsonPath = label('json_path');
/** `_OTHER` stands for a name that is none. */
export const model = branded<Label<'model'>>(z.string().regex(/^(?:_OTHER|[A-Za-z0-9][A-Za-z0-9._/@:+-]{0,127})$/));

/** Free text of the operator: one line, bounded. The scrubber may have made it longer than what was said. */
export const declaredText = branded<DeclaredText>(z.string().min(1).max(8_192).regex(ONE_LINE()));

/** A count as text. */
export const digits = branded<`${number}`>(z.string().regex(/^\d{1,15}$/));

/** Two moments with a slash between them. */
export const interval = branded<`${string}/${string}`>(
  z.string().regex(/^\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z\/\d{4}-\d{2}-\d{2}T[\d:.]{8,12}Z$/),
);

/** Text of ours, made of numbers and closed words. */
export const sentence = z.string().min(1).max(4_096).regex(ONE_LINE());

export const count = z.int().min(0);
export const milliseconds = z.number().min(0);

function ONE_LINE(): RegExp {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not be there
  return /^[^\u0000-\u001f\u007f-\u009f\u2028\u2029]*$/;
}
