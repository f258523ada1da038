import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { retryEvidence } from '../../../src/records/retry-evidence/retry-evidence';
import { renderRecord } from '../../../src/records/shared/render-record';
import { usageTrace } from '../../../src/records/usage-trace/usage-trace';
import { completedCall, fullCall, truncatedStream } from '../sample-facts';

describe('renderRecord', () => {
  it('quotes counts, yes and no in YAML, where an unquoted no is false', () => {
    const yaml = renderRecord(
      retryEvidence(truncatedStream(), { operatorNote: 'note: "quoted" # not a comment' }),
      'yaml',
    );
    expect(yaml.split('\n').slice(0, 19)).toEqual([
      'record: "retry_evidence"',
      'schema_version: 2',
      'run_id: null',
      'recorded_at_utc: "2026-11-21T10:00:01.250Z"',
      'endpoint_family: "cometapi-text-chat"',
      'docs_checked: "not_checked"',
      'attempt_count: "2"',
      'first_attempt_status: "429"',
      'retry_status: "truncated"',
      'terminal_status: "truncated"',
      'retry_count: "1"',
      'error_category: "truncated_stream"',
      'secret_redaction_checked: "no"',
      'full_response_stored: "no"',
      'operator_result: "fail"',
      'operator_result_source: "computed"',
      'operator_note: "note: \\"quoted\\" # not a comment"',
      'ran_by:',
      '  kind: "not_stated"',
    ]);
  });

  it('writes YAML and JSON that parse to the same record', () => {
    for (const record of [
      usageTrace([fullCall(), truncatedStream()]),
      retryEvidence(fullCall()),
      usageTrace(completedCall()),
    ]) {
      expect(parse(renderRecord(record, 'yaml'))).toEqual(record);
      expect(JSON.parse(renderRecord(record, 'json'))).toEqual(record);
    }
  });

  it('marks a simulator record in the first line of YAML', () => {
    const simulated = usageTrace(completedCall({ upstream: 'simulator' }));
    expect(renderRecord(simulated, 'yaml').split('\n')[0]).toBe(
      '# simulator: these calls went to the local simulator, not to CometAPI',
    );
    expect(parse(renderRecord(simulated, 'yaml'))).toEqual(simulated);
    expect(renderRecord(usageTrace(completedCall()), 'yaml')).not.toContain('# simulator');
  });

  it('writes any value as YAML that parses to the same value', () => {
    const strings = fc
      .oneof(
        fc.string({ maxLength: 20 }),
        fc.string({ unit: fc.constantFrom(...' \n\t:#-?[]{}&*!|>%@`\'",~0n') }),
        fc.string({ unit: 'binary', maxLength: 20 }),
      )
      .map((text) => text.toWellFormed());
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4 },
        strings,
        fc.integer(),
        fc.double({ noDefaultInfinity: true, noNaN: true }).map((value) => (Object.is(value, -0) ? 0 : value)),
        fc.boolean(),
        fc.constant(null),
        fc.constantFrom('no', 'yes', 'null', '~', '', '- a', 'a: b', '#', '|', '2026-11-21', '0x1f', '1e3'),
        fc.array(tie('tree'), { maxLength: 3 }),
        fc.dictionary(strings, tie('tree'), { maxKeys: 3, noNullPrototype: true }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        expect(parse(renderRecord({ value }, 'yaml'))).toEqual({ value });
      }),
      { numRuns: 200 },
    );
  });
});
