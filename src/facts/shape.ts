import type { ContentKind } from './enums';
import type { Identifier } from './identifier';

export type JsonType = 'object' | 'array' | 'string' | 'number' | 'boolean' | 'null';

/** The path and types of one JSON field. Never its value. */
export interface ShapeField {
  readonly path: Identifier<'json_path'>;
  /** In alphabetical order. More than one if the items of an array differ. */
  readonly types: readonly JsonType[];
}

/** Metadata that a response contains besides its content. */
export type ResponseMetadata = 'usage' | 'timing' | 'request_id' | 'rate_limit_headers';

/** The structure of one response. Never its content. */
export interface ResponseShape {
  readonly contentKind: ContentKind;
  /** Sorted by path. Empty if the body is not JSON. */
  readonly fields: readonly ShapeField[];
  /** True if the body is longer than the part that was read. */
  readonly truncated: boolean;
  readonly metadata: readonly ResponseMetadata[];
}
