import { createRedactor, MIN_SECRET_LENGTH, type Redactor } from '../facts/redaction/redactor';
import type { Secret } from '../secret';
import type { HeaderList } from '../transport/header-list';

/** The number of earlier keys that stay active after a rotation: responses to earlier attempts may still quote them. */
const MAX_RECENT = 16;

/** Headers whose values are treated as secrets. */
const SECRET_HEADER =
  /^(?:authorization|proxy-authorization|cookie|x-api-key|api-key)$|token|secret|password|credential|signature/;

/** The active secrets, and a guard that redacts them. Only this class reveals a {@link Secret}. */
export class ActiveSecrets {
  readonly #pinned: Set<string>;
  #recent: string[] = [];
  #guard: Redactor;

  /** @param pinned a key that never changes */
  constructor(pinned?: Secret) {
    this.#pinned = new Set(pinned === undefined ? [] : [pinned.reveal()]);
    this.#guard = this.#createGuard();
  }

  get redactor(): Redactor {
    return this.#guard;
  }

  /** Returns the plain value, for sending only. Adds it to the active secrets first. */
  reveal(secret: Secret): string {
    const value = secret.reveal();
    this.learn(value);
    return value;
  }

  /** Adds a secret that stays active, such as the token of the local gateway. */
  pin(value: string): void {
    this.#pinned.add(value);
    this.#guard = this.#createGuard();
  }

  /** Adds a secret. Ignores values that are too short to recognize reliably. */
  learn(value: string): void {
    if (value.length < MIN_SECRET_LENGTH || this.#pinned.has(value) || this.#recent.includes(value)) {
      return;
    }
    this.#recent = [...this.#recent, value].slice(-MAX_RECENT);
    this.#guard = this.#createGuard();
  }

  /** Adds the secrets in the caller's headers. */
  learnHeaders(headers: HeaderList): void {
    headers.forEach((name, value) => {
      if (SECRET_HEADER.test(name)) {
        this.learn(value.replace(/^(?:bearer|basic) +/i, ''));
      }
    });
  }

  #createGuard(): Redactor {
    return createRedactor([...this.#pinned, ...this.#recent]);
  }
}
