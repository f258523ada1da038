import { createSecretGuard, MIN_SECRET_LENGTH, type SecretGuard } from '../facts/secret-guard';
import type { Secret } from '../secret';
import type { HeaderFields } from '../transport/header-fields';

/** Rotated keys stay known for a while: answers to earlier attempts may still quote them. */
const MAX_RECENT = 16;

/** Headers whose values are secrets, whoever set them. */
const SECRET_HEADER =
  /^(?:authorization|proxy-authorization|cookie|x-api-key|api-key)$|token|secret|password|credential|signature/;

/** The secrets that are in use now, and a guard that knows them. The only place where a {@link Secret} is revealed. */
export class LiveSecrets {
  readonly #pinned: Set<string>;
  #recent: string[] = [];
  #guard: SecretGuard;

  /** @param pinned a key that never changes */
  constructor(pinned?: Secret) {
    this.#pinned = new Set(pinned === undefined ? [] : [pinned.reveal()]);
    this.#guard = this.#createGuard();
  }

  get guard(): SecretGuard {
    return this.#guard;
  }

  /** For the sending only; from now on the guard knows it. */
  reveal(secret: Secret): string {
    const value = secret.reveal();
    this.learn(value);
    return value;
  }

  /** Learns a secret that stays in use, such as the token of a gateway. */
  pin(value: string): void {
    this.#pinned.add(value);
    this.#guard = this.#createGuard();
  }

  learn(value: string): void {
    if (value.length < MIN_SECRET_LENGTH || this.#pinned.has(value) || this.#recent.includes(value)) {
      return;
    }
    this.#recent = [...this.#recent, value].slice(-MAX_RECENT);
    this.#guard = this.#createGuard();
  }

  /** Learns what a caller's own headers hold. */
  learnHeaders(headers: HeaderFields): void {
    headers.forEach((name, value) => {
      if (SECRET_HEADER.test(name)) {
        this.learn(value.replace(/^(?:bearer|basic) +/i, ''));
      }
    });
  }

  #createGuard(): SecretGuard {
    return createSecretGuard([...this.#pinned, ...this.#recent]);
  }
}
