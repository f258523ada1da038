import type { Label } from './label';

/** A documentation page the operator says was checked, and when. */
export interface DocumentationCheck {
  readonly url: Label<'docs_url'>;
  readonly accessedOn: Label<'date'>;
}

/** What the operator says of the work a call belongs to: declared words, never facts from the wire. */
export interface DeclaredContext {
  readonly runId?: Label<'name'> | undefined;
  readonly workflow?: Label<'name'> | undefined;
  /** local, staging, production, ci, … */
  readonly environmentName?: Label<'name'> | undefined;
  readonly docsChecked: readonly DocumentationCheck[];
}
