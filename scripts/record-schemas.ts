import {
  AnnotatedType,
  createFormatter,
  createParser,
  DEFAULT_CONFIG,
  DefinitionType,
  SchemaGenerator,
  StringType,
  type SubNodeParser,
} from 'ts-json-schema-generator';
import ts from 'typescript';
import type { SchemaName } from '../src/cli/schemas/validators.js';
import { GRAMMAR, type IdentifierKind } from '../src/facts/identifier.ts';
import type { RecordKind } from '../src/records/shared/enums.ts';

/**
 * Generates JSON Schemas from the interfaces of records and input files.
 *
 * Two rules are not part of a type. The kind of a `Identifier` selects its pattern. Tags in comments, such as `@minimum 0`
 * and `@maxLength 64`, state limits.
 */

const RECORDS: Readonly<Record<RecordKind, string>> = {
  call: 'CallRecord',
  usage_trace: 'UsageTrace',
  retry_evidence: 'RetryEvidence',
  incident_packet: 'IncidentPacket',
  incident_timeline: 'IncidentTimeline',
  contract_ledger: 'ContractLedger',
  run_card: 'RunCard',
};

/** The interface that each schema is generated from. */
export const INTERFACES: Readonly<Record<SchemaName, string>> = { ...RECORDS, declared_file: 'DeclaredFile' };

/** The files and folders that declare these interfaces. */
const SOURCES = ['src/records/', 'src/cli/contract/declared-format.ts'];

export interface JsonSchema {
  readonly [keyword: string]: unknown;
}

/** Schemas of interfaces and of all types that they use, by name. They refer to each other as `#/$defs/NAME`. */
export type Types = Readonly<Record<string, JsonSchema>>;

/** Returns the types of all schemas. Takes two seconds, most of them for the type checker. */
export function allTypes(): Types {
  return typesOf(createGenerator(), Object.values(INTERFACES));
}

/** Returns the published JSON Schema (draft 2020-12) of each kind of record. */
export function recordSchemas(): ReadonlyMap<RecordKind, JsonSchema> {
  const generator = createGenerator();
  return new Map(
    (Object.keys(RECORDS) as RecordKind[]).map((kind) => {
      const { [RECORDS[kind]]: schema, ...types } = typesOf(generator, [RECORDS[kind]]);
      return [kind, { $schema: 'https://json-schema.org/draft/2020-12/schema', ...schema, $defs: types }];
    }),
  );
}

function createGenerator(): SchemaGenerator {
  const { config } = ts.readConfigFile('tsconfig.sealed.json', ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, '.');
  const files = SOURCES.flatMap((path) => (path.endsWith('/') ? ts.sys.readDirectory(path, ['.ts']) : path));
  const program = ts.createProgram(files, options);
  const settings = { ...DEFAULT_CONFIG, encodeRefs: false };
  const parser = createParser(program, settings, (chain) => {
    chain.addNodeParser(identifiers).addNodeParser(brandedText);
  });
  return new SchemaGenerator(program, parser, createFormatter(settings), settings);
}

/** `Identifier<'id'>` is text that matches the pattern of an id. */
const identifiers: SubNodeParser = {
  supportsNode: (node) => ts.isTypeReferenceNode(node) && node.typeName.getText() === 'Identifier',
  createType: (node) => {
    const kind = ts.isTypeReferenceNode(node) ? node.typeArguments?.[0]?.getText().slice(1, -1) : undefined;
    if (!isIdentifierKind(kind)) {
      throw new Error(`A record uses ${node.getText()}, which is not an identifier of one kind.`);
    }
    return new DefinitionType(kind, new AnnotatedType(new StringType(), { pattern: patternOf(kind) }, false));
  },
};

function isIdentifierKind(kind: string | undefined): kind is IdentifierKind {
  return kind !== undefined && Object.hasOwn(GRAMMAR, kind);
}

function patternOf(kind: IdentifierKind): string {
  const { source } = GRAMMAR[kind];
  // `_OTHER` replaces a model name that does not match.
  return kind === 'model' ? `^(?:_OTHER|${source.slice(1, -1)})$` : source;
}

/** `string & { brand }` is text. The comment of the type contains its rules. */
const brandedText: SubNodeParser = {
  supportsNode: (node) => ts.isIntersectionTypeNode(node) && node.types[0]?.kind === ts.SyntaxKind.StringKeyword,
  createType: () => new StringType(),
};

/** The generator writes draft 7, where `$defs` has another name. All other keywords that it uses are the same. */
function typesOf(generator: SchemaGenerator, names: readonly string[]): Types {
  const { definitions = {} } = generator.createSchema([...names]);
  const types = Object.fromEntries(Object.entries(definitions).map(([name, type]) => [nameOf(name), type]));
  return JSON.parse(JSON.stringify(types), (keyword, value) =>
    keyword === '$ref' ? `#/$defs/${nameOf(value.slice('#/definitions/'.length))}` : value,
  );
}

/** `Handoff<ResultClass,Uncertainty>` becomes `Handoff_ResultClass_Uncertainty`. */
function nameOf(type: string): string {
  return type.replaceAll(/\W+/g, '_').replace(/_$/, '');
}
