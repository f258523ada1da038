import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Redactor } from '../../facts/redaction/redactor';
import { type ContractAnnotations, checkContract } from '../../records/contract-ledger/contract-annotations';
import { CliError } from '../cli-error';
import { fileProblem } from '../output/file-problem';

const text = z.string().max(2_000);
const paths = z.array(z.string().max(400)).max(200);
const route = z.enum(['/v1/chat/completions', '/v1/responses']);

const endpoint = z.strictObject({
  route,
  endpoint_purpose: text.optional(),
  documentation_source: z.array(text).max(50).optional(),
  auth_requirement: text.optional(),
  required_request_fields: paths.optional(),
  optional_request_fields: paths.optional(),
  parsed_response_fields: paths.optional(),
  optional_response_fields: paths.optional(),
  documented_limits: text.optional(),
  open_assumptions: z.array(text).max(20).optional(),
});

const declaredFile = z.strictObject({
  business_owner: text.optional(),
  technical_owner: text.optional(),
  runtime_environment: text.optional(),
  failure_impact: text.optional(),
  operator_initials: text.optional(),
  endpoints: z.array(endpoint).max(20).optional(),
});

/** Reads the hand-edited declared file. Returns an empty object if it does not exist. No command writes to it. */
export async function readDeclaredFile(path: string, redactor: Redactor): Promise<ContractAnnotations> {
  let content: string;
  try {
    content = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return {};
    }
    throw fileProblem(path, error, 'read');
  }
  const annotations = annotationsOf(parsed(path, content));
  if (checkContract(annotations, redactor).dropped) {
    throw new CliError(
      `${path}: a value is invalid. Write fields as paths (choices[].message.content), pages as URL@YYYY-MM-DD, and no secrets.`,
    );
  }
  return annotations;
}

function parsed(path: string, content: string): z.infer<typeof declaredFile> {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    // The parser's message quotes the file, so drop it.
    throw new CliError(`${path} is not JSON. Correct the file.`);
  }
  const result = declaredFile.safeParse(value);
  if (!result.success) {
    const [issue] = result.error.issues;
    const place = (issue?.path ?? []).filter((part) => /^[a-z_0-9]{1,40}$/.test(String(part))).join('.');
    const isRoute = issue?.path.at(-1) === 'route';
    const hint = isRoute
      ? ` Use one of the routes ${route.options.join(', ')}. A path such as /api/text/… is a documentation page.`
      : '';
    throw new CliError(`${path}: ${place || 'the file'} is invalid (${issue?.code ?? 'unknown'}).${hint}`);
  }
  return result.data;
}

function annotationsOf(file: z.infer<typeof declaredFile>): ContractAnnotations {
  return {
    businessOwner: file.business_owner,
    technicalOwner: file.technical_owner,
    environmentName: file.runtime_environment,
    failureImpact: file.failure_impact,
    operatorInitials: file.operator_initials,
    endpoints: file.endpoints?.map((one) => ({
      route: one.route,
      purpose: one.endpoint_purpose,
      docsChecked: one.documentation_source,
      authRequirement: one.auth_requirement,
      requiredRequestFields: one.required_request_fields,
      optionalRequestFields: one.optional_request_fields,
      parsedResponseFields: one.parsed_response_fields,
      optionalResponseFields: one.optional_response_fields,
      documentedLimits: one.documented_limits,
      openAssumptions: one.open_assumptions,
    })),
  };
}

/** A starting point for the declared file. Compare its fields with the documentation. */
export const DECLARED_TEMPLATE: z.infer<typeof declaredFile> = {
  business_owner: 'the person who decides if the workflow works',
  technical_owner: 'the person who maintains the integration',
  runtime_environment: 'staging',
  failure_impact: 'the effect if the call fails, times out, or returns an unexpected body',
  operator_initials: 'XX',
  endpoints: [
    {
      route: '/v1/chat/completions',
      endpoint_purpose: 'the reason why the service calls this endpoint',
      documentation_source: [],
      auth_requirement: 'as documented on the day you read the page',
      required_request_fields: ['model', 'messages'],
      optional_request_fields: ['max_tokens'],
      parsed_response_fields: ['choices[].message.content', 'choices[].finish_reason', 'usage.total_tokens'],
      optional_response_fields: ['usage.total_tokens'],
      documented_limits: 'none documented',
      open_assumptions: ['an assumption that neither the documentation nor a test confirms'],
    },
  ],
};
