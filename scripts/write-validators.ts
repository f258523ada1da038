import { randomUUID } from 'node:crypto';
import { existsSync, globSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import standaloneCode from 'ajv/dist/standalone/index.js';
import { transform } from 'esbuild';
import { allTypes, INTERFACES, type Types } from './record-schemas.ts';

/** The generated module. Git ignores it; validators.d.ts declares it. */
const VALIDATORS = 'src/cli/schemas/validators.js';

/** The files that determine the contents of the module. */
const SOURCES = [
  'src/facts/**/*.ts',
  'src/records/**/*.ts',
  'src/cli/contract/declared-format.ts',
  'scripts/{record-schemas,write-validators}.ts',
  'package.json',
];

/** Writes the validators, unless they are newer than their sources. */
export async function ensureValidators(): Promise<void> {
  const newest = Math.max(...globSync(SOURCES).map((file) => statSync(file).mtimeMs));
  if (!existsSync(VALIDATORS) || statSync(VALIDATORS).mtimeMs < newest) {
    // Another process can read or write the file at the same time.
    const temporary = `${VALIDATORS}.${randomUUID()}.tmp`;
    writeFileSync(temporary, await validatorsOf(allTypes()));
    renameSync(temporary, VALIDATORS);
  }
}

/** Returns a module without imports that exports `validate`. */
async function validatorsOf(types: Types): Promise<string> {
  const ajv = new Ajv({
    allErrors: true,
    messages: false,
    // Counts UTF-16 units. Counting characters would need a helper of ajv at run time.
    unicode: false,
    logger: false,
    allowUnionTypes: true,
    // With these two, the code is a fifth smaller.
    inlineRefs: false,
    loopRequired: 3,
    code: { source: true, esm: true, optimize: 2 },
  });
  // One schema for all, so that shared types are compiled once.
  const validate = ajv.compile({
    $defs: types,
    type: 'object',
    properties: Object.fromEntries(
      Object.entries(INTERFACES).map(([name, type]) => [name, { $ref: `#/$defs/${type}` }]),
    ),
    additionalProperties: false,
  });
  const { code } = await transform(shortened(standaloneCode(ajv, validate)), {
    minify: true,
    treeShaking: true,
    format: 'esm',
  });
  return code;
}

/** The code with which ajv reports an error: `const err0 = {instancePath: …, keyword: …, params: …}; …`. */
const ERROR =
  /const (err\d+) = \{instancePath(?::(.*?))?,schemaPath:"[^"]*",keyword:"(\w+)",params:\{(.*?)\}\};if\(vErrors === null\)\{vErrors = \[\1\];\}else \{vErrors\.push\(\1\);\}/g;
const FIELD = /^(?:missingProperty|additionalProperty): (.*)$/;
/** The code with which ajv keeps a schema, to look up the names of fields. */
const SCHEMA = /const (schema\d+) = (\{.*?\});(?=const |function |export )/g;

const FAIL = `function fail(errors, path, keyword, field) {
  const error = { path, keyword, field };
  return errors === null ? [error] : (errors.push(error), errors);
}
`;

/** The arguments of validators that no keyword of our schemas reads. */
const UNUSED = /,\s?parentData(?::\w+)?,\s?parentDataProperty(?::(?:"[^"]*"|\w+))?,\s?rootData(?:=data)?/g;

/** Halves the code: reports all errors through one function, and keeps only the names of fields of a schema. */
function shortened(code: string): string {
  const short = code
    .replaceAll(ERROR, (_error, _name, path = 'instancePath', keyword, params) => {
      const [, field] = FIELD.exec(params) ?? [];
      return `vErrors = fail(${['vErrors', path, `"${keyword}"`, ...(field === undefined ? [] : [field])].join()});`;
    })
    .replaceAll(UNUSED, '')
    .replaceAll(SCHEMA, (_schema, name, json) => `const ${name} = ${JSON.stringify(namesOf(JSON.parse(json)))};`);
  if (short.includes('schemaPath')) {
    throw new Error('This version of ajv writes errors in another form. Adapt `ERROR` in scripts/write-validators.ts.');
  }
  return FAIL + short;
}

/** The keywords of a schema that the validators read. */
interface Names {
  readonly properties?: Readonly<Record<string, Names>>;
  readonly required?: readonly string[];
  readonly items?: Names;
  readonly anyOf?: readonly Names[];
}

function namesOf({ properties, required, items, anyOf }: Names): Names {
  return {
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, namesOf(type)])),
    }),
    ...(required && { required }),
    ...(items && { items: namesOf(items) }),
    ...(anyOf && { anyOf: anyOf.map(namesOf) }),
  };
}
