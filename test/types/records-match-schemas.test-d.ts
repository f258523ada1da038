import { expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import type { RECORD_SCHEMAS } from '../../src/cli/schemas/record-schemas';
import type { CallRecord } from '../../src/records/call-line/call-record';
import type { ContractLedger } from '../../src/records/contract-ledger/contract-ledger';
import type { IncidentPacket } from '../../src/records/incident-packet/incident-packet';
import type { IncidentTimeline } from '../../src/records/incident-timeline/incident-timeline';
import type { RetryEvidence } from '../../src/records/retry-evidence/retry-evidence';
import type { RunCard } from '../../src/records/run-card/run-card';
import type { UsageTrace } from '../../src/records/usage-trace/usage-trace';

type Schemas = typeof RECORD_SCHEMAS;
/** The type that a schema accepts. */
type Read<Kind extends keyof Schemas> = Plain<z.infer<Schemas[Kind]>>;

/** The same type without `readonly`, with interfaces and intersections expanded. */
type Plain<T> = T extends string | number | boolean | null | undefined
  ? T
  : T extends readonly (infer Item)[]
    ? Plain<Item>[]
    : { -readonly [Key in keyof T]: Plain<T[Key]> };

test('each schema accepts exactly the type that its builder returns', () => {
  expectTypeOf<Read<'call'>>().toEqualTypeOf<Plain<CallRecord>>();
  expectTypeOf<Read<'usage_trace'>>().toEqualTypeOf<Plain<UsageTrace>>();
  expectTypeOf<Read<'retry_evidence'>>().toEqualTypeOf<Plain<RetryEvidence>>();
  expectTypeOf<Read<'incident_packet'>>().toEqualTypeOf<Plain<IncidentPacket>>();
  expectTypeOf<Read<'incident_timeline'>>().toEqualTypeOf<Plain<IncidentTimeline>>();
  expectTypeOf<Read<'contract_ledger'>>().toEqualTypeOf<Plain<ContractLedger>>();
  expectTypeOf<Read<'run_card'>>().toEqualTypeOf<Plain<RunCard>>();
});

test('the comparison detects a missing field, a wider type and an optional field', () => {
  expectTypeOf<Plain<{ readonly a: 'b' }>>().not.toEqualTypeOf<Plain<{ readonly a: string }>>();
  expectTypeOf<Plain<{ readonly a: 'b' }>>().not.toEqualTypeOf<Plain<{ readonly a?: 'b' }>>();
  expectTypeOf<Plain<{ readonly a: 'b' }>>().not.toEqualTypeOf<Plain<{ readonly a: 'b'; readonly c: 1 }>>();
});
