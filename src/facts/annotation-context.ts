import type { Label } from './identifier';

/** A documentation page that the operator checked, and the date. */
export interface DocumentationCheck {
  readonly url: Label<'docs_url'>;
  readonly accessedOn: Label<'date'>;
}

/** The operator's annotations of the work that a call belongs to. Never read from a request or a response. */
export interface DeclaredContext {
  readonly runId?: Label<'name'> | undefined;
  readonly workflow?: Label<'name'> | undefined;
  /** For example local, staging, production or ci. */
  readonly environmentName?: Label<'name'> | undefined;
  readonly docsChecked: readonly DocumentationCheck[];
}
