import type { AnnotationContext } from '../facts/annotation-context';
import type { Identifier } from '../facts/identifier';
import type { Redactor } from '../facts/redaction/redactor';

/** The operator annotations of each open call, for observers, which receive only facts. */
export class CallAnnotations {
  readonly #defaults: AnnotationContext;
  readonly #byCall = new Map<string, AnnotationContext>();
  readonly #guard: () => Redactor;
  /** The default annotations without secrets, as `#lastGuard` filtered them. */
  #cleanDefaults: AnnotationContext | undefined;
  #lastGuard: Redactor | undefined;

  /** @param guard called on each access, because an annotation may contain a key that becomes active only later */
  constructor(defaults: AnnotationContext, redactor: () => Redactor) {
    this.#defaults = defaults;
    this.#guard = redactor;
  }

  set(callId: Identifier<'id'>, runId: Identifier<'name'>): void {
    this.#byCall.set(callId, { ...this.#defaults, runId });
  }

  of(call: { readonly callId: Identifier<'id'> }): AnnotationContext {
    const redactor = this.#guard();
    const own = this.#byCall.get(call.callId);
    if (own !== undefined) {
      return withoutSecrets(own, redactor);
    }
    if (this.#lastGuard !== redactor || this.#cleanDefaults === undefined) {
      this.#cleanDefaults = Object.freeze(withoutSecrets(this.#defaults, redactor));
      this.#lastGuard = redactor;
    }
    return this.#cleanDefaults;
  }

  forget(callId: Identifier<'id'>): void {
    this.#byCall.delete(callId);
  }
}

function withoutSecrets(annotations: AnnotationContext, redactor: Redactor): AnnotationContext {
  const unlessSecret = (name: Identifier<'name'> | undefined): Identifier<'name'> | undefined =>
    name === undefined || redactor.looksSensitive(name) ? undefined : name;
  return {
    runId: unlessSecret(annotations.runId),
    workflow: unlessSecret(annotations.workflow),
    environmentName: unlessSecret(annotations.environmentName),
    docsChecked: annotations.docsChecked.filter(({ url }) => !redactor.looksSensitive(url)),
  };
}
