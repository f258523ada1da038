import type { DeclaredContext } from '../facts/declared';
import type { Label } from '../facts/label';
import type { SecretGuard } from '../facts/secret-guard';

/** What the operator said of each open call, for those who are told only facts. */
export class DeclaredRegister {
  readonly #defaults: DeclaredContext;
  readonly #byCall = new Map<string, DeclaredContext>();
  readonly #guard: () => SecretGuard;

  /** @param guard asked each time: a key may be known only after it was declared as something else by mistake */
  constructor(defaults: DeclaredContext, guard: () => SecretGuard) {
    this.#defaults = defaults;
    this.#guard = guard;
  }

  set(callId: Label<'id'>, runId: Label<'name'>): void {
    this.#byCall.set(callId, { ...this.#defaults, runId });
  }

  of(call: { readonly callId: Label<'id'> }): DeclaredContext {
    const declared = this.#byCall.get(call.callId) ?? this.#defaults;
    const guard = this.#guard();
    const unlessSecret = (name: Label<'name'> | undefined): Label<'name'> | undefined =>
      name === undefined || guard.refuses(name) ? undefined : name;
    return {
      runId: unlessSecret(declared.runId),
      workflow: unlessSecret(declared.workflow),
      environmentName: unlessSecret(declared.environmentName),
      docsChecked: declared.docsChecked.filter(({ url }) => !guard.refuses(url)),
    };
  }

  forget(callId: Label<'id'>): void {
    this.#byCall.delete(callId);
  }
}
