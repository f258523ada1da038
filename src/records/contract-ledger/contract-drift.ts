import type { Identifier } from '../../facts/identifier';
import type { JsonType, ShapeField } from '../../facts/shape';
import type { TestedError } from './contract-checks';
import type { LedgerEntry } from './contract-entry';
import type { ContractCheck } from './contract-enums';
import type { ContractLedger } from './contract-ledger';

export type DriftKind =
  | 'field_appeared'
  | 'field_vanished'
  | 'type_changed'
  | 'parsed_field_missing'
  | 'status_changed'
  | 'content_type_changed'
  | 'error_shape_changed'
  | 'mistake_no_longer_refused'
  | 'documentation_outdated'
  | 'documentation_not_checked'
  | 'docs_and_behavior_disagree'
  | 'endpoint_not_in_ledger';

/** One difference between two ledgers. Contains enum values, paths and types, but no response values. */
export interface Drift {
  readonly kind: DriftKind;
  readonly endpoint: LedgerEntry['method_and_path'];
  readonly check: ContractCheck | null;
  readonly path: Identifier<'json_path'> | null;
  /** Types, statuses or dates, as text. */
  readonly before: string | null;
  readonly now: string | null;
}

export interface DriftOptions {
  /** The current time, in milliseconds since the Unix epoch. */
  readonly wallMs: number;
  /** The maximum age of a documentation access date, in days. If absent, ages are not checked. */
  readonly maxAgeDays?: number | undefined;
}

const DAY_MS = 86_400_000;

/** Compares each endpoint of the new ledger with the committed ledger. */
export function contractDrift(committed: ContractLedger, now: ContractLedger, options: DriftOptions): readonly Drift[] {
  return now.endpoints.flatMap((entry) => {
    const before = committed.endpoints.find((one) => one.method_and_path === entry.method_and_path);
    return before === undefined
      ? [drift(entry, 'endpoint_not_in_ledger')]
      : [
          ...positiveDrift(before, entry),
          ...errorDrift(before, entry),
          ...disagreements(entry),
          ...outdatedDocumentation(entry, options),
        ];
  });
}

/** Reports documentation that was never checked, or was checked more than `maxAgeDays` ago. */
export function outdatedDocumentation(entry: LedgerEntry, { wallMs, maxAgeDays }: DriftOptions): readonly Drift[] {
  if (maxAgeDays === undefined) {
    return [];
  }
  if (entry.documentation_source.length === 0) {
    return [drift(entry, 'documentation_not_checked')];
  }
  return entry.documentation_source.flatMap((page) => {
    const days = Math.floor((wallMs - Date.parse(`${page.accessed_on}T00:00:00Z`)) / DAY_MS);
    return days > maxAgeDays
      ? [drift(entry, 'documentation_outdated', { before: page.accessed_on, now: `${days} days old` })]
      : [];
  });
}

function positiveDrift(before: LedgerEntry, entry: LedgerEntry): readonly Drift[] {
  const check = 'minimum_payload';
  const [old, current] = [before.positive_check, entry.positive_check];
  if (old === null || current === null || old.outcome !== 'passed') {
    return [];
  }
  if (current.outcome !== 'passed') {
    // Report the category too: a response with an unexpected shape can also have status 200.
    const now = `${current.status} ${current.error_category}`;
    return [drift(entry, 'status_changed', { check, before: old.status, now })];
  }
  const parsed = new Set<string>(entry.parsed_response_fields);
  const optional = new Set<string>([...entry.optional_response_fields, ...before.optional_response_fields]);
  return [
    ...(old.status === current.status
      ? []
      : [drift(entry, 'status_changed', { check, before: old.status, now: current.status })]),
    ...(old.content_type === current.content_type
      ? []
      : [drift(entry, 'content_type_changed', { check, before: old.content_type, now: current.content_type })]),
    ...shapeDrift(old.shape, current.shape).flatMap(({ path, kind, ...types }) => {
      const isExpected = kind === 'field_vanished' && optional.has(path);
      // A change between null and a value matters only if the code reads the field.
      const isNullOnly = kind === 'type_changed' && differsInNullOnly(types.before, types.now) && !parsed.has(path);
      const reportedKind = kind === 'field_vanished' && parsed.has(path) ? 'parsed_field_missing' : kind;
      return isExpected || isNullOnly
        ? []
        : [drift(entry, reportedKind, { check, path, before: listed(types.before), now: listed(types.now) })];
    }),
  ];
}

function errorDrift(before: LedgerEntry, entry: LedgerEntry): readonly Drift[] {
  return entry.error_cases_tested.flatMap((error) => {
    const old = before.error_cases_tested.find(({ check }) => check === error.check);
    return old === undefined || old.outcome === 'inconclusive' || error.outcome === 'inconclusive'
      ? []
      : oneErrorDrift(old, error, entry);
  });
}

function oneErrorDrift(old: TestedError, error: TestedError, entry: LedgerEntry): readonly Drift[] {
  const { check } = error;
  const statuses = { check, before: old.status, now: error.status };
  if (error.outcome === 'accepted') {
    return old.outcome === 'accepted' ? [] : [drift(entry, 'mistake_no_longer_refused', statuses)];
  }
  return [
    ...(old.status === error.status ? [] : [drift(entry, 'status_changed', statuses)]),
    ...(old.content_type === error.content_type
      ? []
      : [drift(entry, 'content_type_changed', { check, before: old.content_type, now: error.content_type })]),
    ...shapeDrift(old.shape, error.shape)
      .filter(({ kind, before, now }) => kind !== 'type_changed' || !differsInNullOnly(before, now))
      .map(({ path, before, now }) =>
        drift(entry, 'error_shape_changed', { check, path, before: listed(before), now: listed(now) }),
      ),
  ];
}

function disagreements(entry: LedgerEntry): readonly Drift[] {
  return entry.disagreements
    .filter(({ what }) => what !== 'parsed_field_missing')
    .map(({ check, path, what }) => drift(entry, 'docs_and_behavior_disagree', { check, path, now: what }));
}

interface ShapeChange {
  readonly kind: 'field_appeared' | 'field_vanished' | 'type_changed';
  readonly path: Identifier<'json_path'>;
  readonly before: readonly JsonType[];
  readonly now: readonly JsonType[];
}

/**
 * Compares two shapes. Ignores a field whose parent is missing, null or an empty list on the other side:
 * the field could not occur there.
 */
function shapeDrift(before: readonly ShapeField[], now: readonly ShapeField[]): readonly ShapeChange[] {
  const old = new Map(before.map(({ path, types }) => [path, types]));
  const current = new Map(now.map(({ path, types }) => [path, types]));
  const changes: ShapeChange[] = [];
  for (const path of new Set([...old.keys(), ...current.keys()])) {
    const [was, is] = [old.get(path) ?? [], current.get(path) ?? []];
    if (was.length === 0) {
      if (couldBeSeen(path, old)) {
        changes.push({ kind: 'field_appeared', path, before: was, now: is });
      }
    } else if (is.length === 0) {
      if (couldBeSeen(path, current)) {
        changes.push({ kind: 'field_vanished', path, before: was, now: is });
      }
    } else if (was.join() !== is.join()) {
      changes.push({ kind: 'type_changed', path, before: was, now: is });
    }
  }
  return changes.sort((one, other) => (one.path < other.path ? -1 : 1));
}

/** True if `shape` contains the parent of `path`, so that the absence of `path` is evidence. */
function couldBeSeen(path: string, shape: ReadonlyMap<string, readonly JsonType[]>): boolean {
  if (path.endsWith('[]')) {
    // An empty list has no items.
    return false;
  }
  const end = path.lastIndexOf('.');
  return end < 0 || shape.get(path.slice(0, end))?.includes('object') === true;
}

function differsInNullOnly(before: readonly JsonType[], now: readonly JsonType[]): boolean {
  const solid = (types: readonly JsonType[]): string => types.filter((type) => type !== 'null').join();
  return solid(before) === solid(now) || solid(before) === '' || solid(now) === '';
}

function listed(types: readonly JsonType[]): string | null {
  return types.length === 0 ? null : types.join(' or ');
}

function drift(entry: LedgerEntry, kind: DriftKind, more: Partial<Omit<Drift, 'kind' | 'endpoint'>> = {}): Drift {
  return { kind, endpoint: entry.method_and_path, check: null, path: null, before: null, now: null, ...more };
}
