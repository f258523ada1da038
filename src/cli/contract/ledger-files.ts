import { randomUUID } from 'node:crypto';
import { lstat, open, readFile, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { ContractLedger } from '../../records/contract-ledger/contract-ledger';
import { serialize } from '../../records/shared/serialize';
import { upgradeRecord } from '../../records/shared/upgrade-record';
import { CliError } from '../cli-error';
import { fileProblem } from '../output/file-problem';
import { schemaProblems } from '../schemas/schema-problems';

/** Paths of a ledger, its page and its declared file. All three are in one directory. */
export interface LedgerPaths {
  readonly ledger: string;
  readonly page: string;
  readonly annotations: string;
}

export const DEFAULT_LEDGER = 'cometapi-contract.json';
/** The ledger is committed to the service's repository, so it is readable by all users. */
const FILE_MODE = 0o644;

export function ledgerPaths(ledger: string): LedgerPaths {
  const base = ledger.replace(/\.json$/i, '');
  return { ledger, page: `${base}.md`, annotations: `${base}.declared.json` };
}

/** @returns `undefined` if the file does not exist. @throws CliError if it is not a contract ledger */
export async function readLedger(path: string): Promise<ContractLedger | undefined> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') {
      return undefined;
    }
    throw fileProblem(path, error, 'read');
  }
  const ledger = upgraded(parseJson(text));
  if (schemaProblems('contract_ledger', ledger).length > 0) {
    throw new CliError(`${path} is not a contract ledger of this version. It was not changed. Pass another --ledger.`);
  }
  // The schema is generated from this type.
  return ledger as ContractLedger;
}

/** Reads ledgers of schema version 1 as well. */
function upgraded(value: unknown): unknown {
  return typeof value === 'object' && value !== null ? upgradeRecord(value as Record<string, unknown>) : value;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema rejects `undefined` as well, with a message that does not quote the file.
    return undefined;
  }
}

/** Serializes a ledger. The first line names the kind and the environment. Each later line contains one field. */
export function ledgerText({ record, schema_version, environment, ...rest }: ContractLedger): string {
  const first = serialize({ record, schema_version, environment }).slice(0, -1);
  const others = JSON.stringify(rest, undefined, 2).slice(1);
  return `${first},${others}\n`;
}

/**
 * Replaces a ledger and its page. Only files that this command created are replaced. Both new files are complete on
 * disk before the first replacement.
 */
export async function writeLedger(paths: LedgerPaths, json: string, markdown: string): Promise<void> {
  await refuseForeignPage(paths.page);
  const files = [
    { path: paths.ledger, text: json },
    { path: paths.page, text: markdown },
  ].map((file) => ({ ...file, temporary: temporaryName(file.path) }));
  try {
    for (const { path, text, temporary } of files) {
      await tellingOf(path, () => prepare(path, temporary, text));
    }
    for (const { path, temporary } of files) {
      await tellingOf(path, () => rename(temporary, path));
    }
  } finally {
    await Promise.all(files.map(({ temporary }) => rm(temporary, { force: true })));
  }
}

async function refuseForeignPage(path: string): Promise<void> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  if (text !== undefined && !/^(?:> [^\n]*\n\n)?# CometAPI contract ledger\n/.test(text)) {
    throw new CliError(`${path} is not the page of a contract ledger. It was not changed. Pass another --ledger.`);
  }
}

function temporaryName(path: string): string {
  return join(dirname(path), `.${basename(path).slice(0, 100)}.${randomUUID()}.tmp`);
}

async function prepare(path: string, temporary: string, text: string): Promise<void> {
  const status = await lstat(path).catch(() => undefined);
  if (status !== undefined && !status.isFile()) {
    throw new CliError(`${path} is not a regular file. It was not changed. Pass another --ledger.`);
  }
  const handle = await open(temporary, 'wx', FILE_MODE);
  try {
    await handle.writeFile(text, 'utf8');
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function tellingOf(path: string, work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    throw error instanceof CliError ? error : fileProblem(path, error, 'written');
  }
}
