import type { DeclaredContext } from '../facts/declared';
import type { Label } from '../facts/label';

/** What the operator said of each open call, for those who are told only facts. */
export class DeclaredRegister {
  readonly #defaults: DeclaredContext;
  readonly #byCall = new Map<string, DeclaredContext>();

  constructor(defaults: DeclaredContext) {
    this.#defaults = defaults;
  }

  set(callId: Label<'id'>, runId: Label<'name'>): void {
    this.#byCall.set(callId, { ...this.#defaults, runId });
  }

  of(call: { readonly callId: Label<'id'> }): DeclaredContext {
    return this.#byCall.get(call.callId) ?? this.#defaults;
  }

  forget(callId: Label<'id'>): void {
    this.#byCall.delete(callId);
  }
}
