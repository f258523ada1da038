import type { ContentKind, ErrorCategory, RequestField } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import type { JsonType, ShapeField } from '../../facts/shape';
import type { StatusValue } from '../shared/enums';
import type { StatusClass } from '../shared/status-class';
import type { NegativeCheck } from './contract-enums';

/** The result of the minimal request. */
export interface PositiveCheck {
  readonly outcome: 'passed' | 'failed' | 'inconclusive';
  readonly status: StatusValue;
  readonly error_category: ErrorCategory;
  readonly content_type: ContentKind;
  /** Documented fields that the request contained. */
  readonly sent_request_fields: readonly RequestField[];
  readonly parsed_fields: readonly ParsedField[];
  readonly usage: 'present' | 'absent';
  readonly timing: 'present' | 'absent';
  readonly request_metadata: 'present' | 'absent';
  readonly rate_limit_headers: 'present' | 'absent';
  /** @maxItems 300 */
  readonly shape: readonly ShapeField[];
  readonly shape_truncated: boolean;
}

export interface ParsedField {
  readonly path: Identifier<'json_path'>;
  readonly found: 'present' | 'absent';
  readonly optional: boolean;
  readonly types: readonly JsonType[];
}

/** The result of one negative check. Contains the status and the error shape, never the error text. */
export interface TestedError {
  readonly check: NegativeCheck;
  readonly outcome: 'refused_as_expected' | 'refused_otherwise' | 'accepted' | 'inconclusive';
  readonly status: StatusValue;
  readonly status_code_class: StatusClass;
  readonly error_category: ErrorCategory;
  readonly content_type: ContentKind;
  readonly request_id: 'present' | 'absent';
  /** @maxItems 300 */
  readonly shape: readonly ShapeField[];
}
