import { createSecretGuard, type SecretGuard } from '../facts/secret-guard';

/** Rotated keys stay known for a while: answers to earlier attempts may still quote them. */
const MAX_KNOWN = 16;

/** The secrets that are in use now, and a guard that knows them. */
export class LiveSecrets {
  #known: string[] = [];
  #guard = createSecretGuard();

  get guard(): SecretGuard {
    return this.#guard;
  }

  add(secret: string): void {
    if (this.#known.includes(secret)) {
      return;
    }
    this.#known = [...this.#known, secret].slice(-MAX_KNOWN);
    this.#guard = createSecretGuard(this.#known);
  }
}
