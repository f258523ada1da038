import { readFile } from 'node:fs/promises';
import type { Redactor } from '../../facts/redaction/redactor';
import { type ContractAnnotations, checkContract } from '../../records/contract-ledger/contract-annotations';
import { CliError } from '../cli-error';
import { fileProblem } from '../output/file-problem';
import { schemaProblems } from '../schemas/schema-problems';
import { DECLARED_ROUTES, type DeclaredFile } from './declared-format';

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

function parsed(path: string, content: string): DeclaredFile {
  let value: unknown;
  try {
    value = JSON.parse(content);
  } catch {
    // The parser's message quotes the file, so drop it.
    throw new CliError(`${path} is not JSON. Correct the file.`);
  }
  const [problem] = schemaProblems('declared_file', value);
  if (problem !== undefined) {
    const isRoute = problem.path.at(-1) === 'route';
    const hint = isRoute
      ? ` Use one of the routes ${DECLARED_ROUTES.join(', ')}. A path such as /api/text/… is a documentation page.`
      : '';
    throw new CliError(`${path}: ${problem.path.join('.') || 'the file'} is invalid (${problem.code}).${hint}`);
  }
  // The schema is generated from this type.
  return value as DeclaredFile;
}

function annotationsOf(file: DeclaredFile): ContractAnnotations {
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
export const DECLARED_TEMPLATE: DeclaredFile = {
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
