import type { CallFacts } from '../../facts/call-facts';
import { surfaceReached } from '../../records/incident-packet/incident-facts';
import type { RunAssertion } from '../../records/run-card/run-assertions';
import type { CheckedFamily } from '../../records/shared/minimal-request';

/** The inputs of the assertions. */
export interface AssertedRun {
  readonly family: CheckedFamily;
  readonly happy: CallFacts;
  /** `undefined` if the negative check was not sent. */
  readonly failure: CallFacts | undefined;
  readonly metItsFailure: boolean;
  readonly docsChecked: boolean;
  readonly hasNote: boolean;
}

/** Computes the assertions of a smoke run. `no_content_in_any_sink` is always `yes`, because a leak ends the run. */
export function smokeAssertions(run: AssertedRun): readonly RunAssertion[] {
  const { happy, failure } = run;
  const calls = failure === undefined ? [happy] : [happy, failure];
  const all = (containsSecret: (call: CallFacts) => boolean): RunAssertion['met'] =>
    calls.every(containsSecret) ? 'yes' : 'no';
  const isCometApi = calls.some((call) => call.upstream === 'cometapi');
  return [
    { assertion: 'api_surface_reached', met: surfaceReached(happy) === 'yes' ? 'yes' : 'no' },
    {
      assertion: 'status_and_category_captured',
      met: all((call) => call.status !== undefined || call.category !== 'none'),
    },
    {
      assertion: 'trace_or_request_id_available',
      met: all((call) => call.traceId !== undefined || call.requestId !== undefined),
    },
    { assertion: 'retries_disabled_or_bounded', met: all((call) => call.settings.maxAttempts === 1) },
    { assertion: 'attempt_count_recorded', met: all((call) => call.attempts.length === 1) },
    { assertion: 'endpoint_family_recorded', met: all((call) => call.family === run.family) },
    { assertion: 'documentation_checked', met: run.docsChecked ? 'yes' : isCometApi ? 'no' : 'not_stated' },
    { assertion: 'timestamp_recorded', met: all((call) => call.endedAt >= call.startedAt) },
    { assertion: 'operator_note_recorded', met: run.hasNote ? 'yes' : 'not_stated' },
    { assertion: 'intended_wrapper_used', met: all((call) => call.entryPoint !== 'gateway') },
    { assertion: 'no_content_in_any_sink', met: 'yes' },
    {
      assertion: 'error_path_met_its_failure',
      met: failure === undefined ? 'not_stated' : run.metItsFailure ? 'yes' : 'no',
    },
  ];
}
