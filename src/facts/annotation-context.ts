import type { Identifier } from './identifier';

/** A documentation page that the operator checked, and the date. */
export interface DocumentationCheck {
  readonly url: Identifier<'docs_url'>;
  readonly accessedOn: Identifier<'date'>;
}

/** The operator's annotations of the work that a call belongs to. Never read from a request or a response. */
export interface AnnotationContext {
  readonly runId?: Identifier<'name'> | undefined;
  readonly workflow?: Identifier<'name'> | undefined;
  /** For example local, staging, production or ci. */
  readonly environmentName?: Identifier<'name'> | undefined;
  readonly docsChecked: readonly DocumentationCheck[];
}
