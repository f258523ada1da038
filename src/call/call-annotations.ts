import type { DeclaredContext } from '../facts/annotation-context';
import type { Label } from '../facts/identifier';
import type { SecretGuard } from '../facts/redaction/redactor';

/** The operator annotations of each open call, for observers, which receive only facts. */
export class DeclaredRegister {
  readonly #defaults: DeclaredContext;
  readonly #byCall = new Map<string, DeclaredContext>();
  readonly #guard: () => SecretGuard;
  /** The default annotations without secrets, as `#lastGuard` filtered them. */
  #cleanDefaults: DeclaredContext | undefined;
  #lastGuard: SecretGuard | undefined;

  /** @param guard called on each access, because an annotation may contain a key that becomes active only later */
  constructor(defaults: DeclaredContext, guard: () => SecretGuard) {
    this.#defaults = defaults;
    this.#guard = guard;
  }

  set(callId: Label<'id'>, runId: Label<'name'>): void {
    this.#byCall.set(callId, { ...this.#defaults, runId });
  }

  of(call: { readonly callId: Label<'id'> }): DeclaredContext {
    const guard = this.#guard();
    const own = this.#byCall.get(call.callId);
    if (own !== undefined) {
      return withoutSecrets(own, guard);
    }
    if (this.#lastGuard !== guard || this.#cleanDefaults === undefined) {
      this.#cleanDefaults = Object.freeze(withoutSecrets(this.#defaults, guard));
      this.#lastGuard = guard;
    }
    return this.#cleanDefaults;
  }

  forget(callId: Label<'id'>): void {
    this.#byCall.delete(callId);
  }
}

function withoutSecrets(declared: DeclaredContext, guard: SecretGuard): DeclaredContext {
  const unlessSecret = (name: Label<'name'> | undefined): Label<'name'> | undefined =>
    name === undefined || guard.refuses(name) ? undefined : name;
  return {
    runId: unlessSecret(declared.runId),
    workflow: unlessSecret(declared.workflow),
    environmentName: unlessSecret(declared.environmentName),
    docsChecked: declared.docsChecked.filter(({ url }) => !guard.refuses(url)),
  };
}
