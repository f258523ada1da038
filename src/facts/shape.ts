import type { Label } from './label';
import type { ContentKind } from './words';

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** One place of a JSON body and what stood there. Values have no place here. */
export interface ShapeField {
  readonly path: Label<'json_path'>;
  /** In alphabetical order; several when the items of a list differ. */
  readonly types: readonly JsonType[];
}

/** What a response says of itself beside its answer. */
export type ResponseMetadata = 'usage' | 'timing' | 'request_id' | 'rate_limit_headers';

/** The shape of one response; never its content. */
export interface ResponseShape {
  readonly contentKind: ContentKind;
  /** In order of their paths. Empty when the body was no JSON. */
  readonly fields: readonly ShapeField[];
  /** The body went on beyond what was looked at. */
  readonly truncated: boolean;
  readonly metadata: readonly ResponseMetadata[];
}
