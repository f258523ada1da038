import type { RunReason } from './run-changes';

/** The assertions of a smoke test. */
export type AssertionName =
  | 'api_surface_reached'
  | 'status_and_category_captured'
  | 'trace_or_request_id_available'
  | 'retries_disabled_or_bounded'
  | 'attempt_count_recorded'
  | 'endpoint_family_recorded'
  | 'documentation_checked'
  | 'timestamp_recorded'
  | 'operator_note_recorded'
  | 'intended_wrapper_used'
  | 'no_content_in_any_sink'
  | 'error_path_met_its_failure';

/** One assertion of a run. */
export interface RunAssertion {
  readonly assertion: AssertionName;
  readonly met: 'yes' | 'no' | 'not_stated';
}

/** Returns `assertion_not_met` if an assertion failed. An assertion that is `not_stated` does not fail the run. */
export function unmetOf(assertions: readonly RunAssertion[]): readonly RunReason[] {
  return assertions.some(({ met }) => met === 'no') ? ['assertion_not_met'] : [];
}
