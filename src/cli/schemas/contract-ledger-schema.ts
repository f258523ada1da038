import { z } from 'zod';
import {
  callReferences,
  documentation,
  environmentWithSettings,
  evidenceSource,
  handoff,
  redactionCheck,
  resultClass,
  schemaVersion,
  settings,
  statusClass,
  statusValue,
  uncertainty,
} from './envelope-schema';
import { annotationText, count, identifier, jsonPath, name, timestamp } from './leaves';
import { contentKind, endpointFamily, errorCategory, httpMethod, requestField, routeTemplate } from './words';

const presence = z.enum(['present', 'absent']);
const jsonType = z.enum(['object', 'array', 'string', 'number', 'boolean', 'null']);
const shape = z.array(z.strictObject({ path: jsonPath, types: z.array(jsonType) })).max(300);
const negativeCheck = z.enum([
  'missing_auth',
  'invalid_auth',
  'missing_required_field',
  'invalid_type',
  'unsupported_value',
  'oversize_payload',
]);
const check = z.enum([...negativeCheck.options, 'minimum_payload', 'observed_call']);
const methodsAndPaths = httpMethod.options.flatMap((method) =>
  routeTemplate.options.map((route) => `${method} ${route}` as const),
);

const positiveCheck = z.strictObject({
  outcome: z.enum(['passed', 'failed', 'inconclusive']),
  status: statusValue,
  error_category: errorCategory,
  content_type: contentKind,
  sent_request_fields: z.array(requestField),
  parsed_fields: z.array(
    z.strictObject({ path: jsonPath, found: presence, optional: z.boolean(), types: z.array(jsonType) }),
  ),
  usage: presence,
  timing: presence,
  request_metadata: presence,
  rate_limit_headers: presence,
  shape,
  shape_truncated: z.boolean(),
});

const testedError = z.strictObject({
  check: negativeCheck,
  outcome: z.enum(['refused_as_expected', 'refused_otherwise', 'accepted', 'inconclusive']),
  status: statusValue,
  status_code_class: statusClass,
  error_category: errorCategory,
  content_type: contentKind,
  request_id: presence,
  shape,
});

const contractDetail = z.strictObject({
  contract_area: z.enum([
    'endpoint_paths',
    'auth_headers',
    'request_fields',
    'response_fields',
    'error_behavior',
    'rate_limit_or_billing_assumptions',
  ]),
  verified_value: z.string().max(65_536),
  declared_value: z.string().max(65_536).nullable(),
  why_it_matters: z.string().max(256),
  source: z.enum(['documentation_and_controlled_test', 'documentation', 'controlled_test', 'not_supported_yet']),
});

const entry = z.strictObject({
  endpoint_purpose: annotationText.nullable(),
  documentation_source: z.array(documentation),
  method_and_path: z.enum(methodsAndPaths),
  endpoint_family: endpointFamily,
  auth_requirement: annotationText.nullable(),
  required_request_fields: z.array(jsonPath),
  optional_request_fields: z.array(jsonPath),
  parsed_response_fields: z.array(jsonPath),
  optional_response_fields: z.array(jsonPath),
  positive_check: positiveCheck.nullable(),
  error_cases_tested: z.array(testedError),
  documented_limits: z.union([z.literal('none documented'), annotationText]),
  last_manual_validation: z.strictObject({
    date: timestamp,
    environment: name.nullable(),
    operator_initials: name.nullable(),
  }),
  open_assumptions: z.array(annotationText),
  disagreements: z.array(
    z.strictObject({
      check,
      what: z.enum([
        'minimum_payload_refused',
        'answer_has_another_shape',
        'parsed_field_missing',
        'mistake_accepted',
        'refused_as_something_else',
      ]),
      path: jsonPath.nullable(),
    }),
  ),
  contract_details: z.array(contractDetail),
  result_class: resultClass,
});

const service = z.strictObject({
  known_from: z.enum(['records', 'configuration']),
  endpoints: z.array(
    z.strictObject({ route_template: routeTemplate, request_fields: z.array(requestField), other_field_count: count }),
  ),
  settings: z.array(settings.extend({ stream: z.boolean() })),
  servers: z.array(z.strictObject({ host: identifier('host'), port: z.int().min(0).max(65_535) })),
  environments: z.array(name),
});

export const contractLedgerSchema = z.strictObject({
  record: z.literal('contract_ledger'),
  schema_version: schemaVersion,
  run_id: name.nullable(),
  recorded_at_utc: timestamp,
  workflow: z.strictObject({
    business_owner: annotationText.nullable(),
    technical_owner: annotationText.nullable(),
    endpoint_families: z.array(endpointFamily),
    runtime_environment: name.nullable(),
    failure_impact: annotationText.nullable(),
  }),
  endpoints: z.array(entry),
  service,
  result_class: resultClass,
  notes: annotationText.nullable(),
  evidence: evidenceSource.nullable(),
  not_inferred: z.array(
    z.enum([
      'current_pricing',
      'guaranteed_model_availability',
      'vendor_rankings_or_benchmark_standing',
      'exact_latency_guarantees',
      'universal_retry_safety',
      'unlimited_throughput',
      'undocumented_response_fields',
      'billing_from_one_response',
    ]),
  ),
  redaction_check: redactionCheck,
  ...callReferences,
  environment: environmentWithSettings,
  handoff: handoff(resultClass, uncertainty),
});
