import type { SecretGuard } from '../../facts/secret-guard';
import type { CallRecord } from '../../records/call-record';

/** As the library makes ids of calls and lines; no secret has this shape. */
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/;

/**
 * Looks for secrets through many call records that fit their schema. Only labels can hold one: every other text is one of
 * a closed list. Of those, nearly all are what they were on the line before.
 */
export class SecretSearch {
  readonly #guard: SecretGuard;
  readonly #before: (string | undefined)[] = [];

  constructor(guard: SecretGuard) {
    this.#guard = guard;
  }

  /** Whether the guard refuses a label of `record`. */
  finds(record: CallRecord): boolean {
    const labels = labelsOf(record);
    for (const [at, text] of labels.entries()) {
      if (typeof text === 'string' && text !== this.#before[at] && !UUID.test(text)) {
        if (this.#guard.refuses(text)) {
          return true;
        }
        this.#before[at] = text;
      }
    }
    return false;
  }
}

/** Every text of a call record that its schema leaves open; a test plants a secret in each leaf to hold this. */
function labelsOf({ record_id, library, environment, run_id, workflow, facts }: CallRecord): readonly unknown[] {
  const { request, response, agent } = facts;
  return [
    run_id,
    workflow,
    library.name,
    library.version,
    environment.name,
    environment.runtime?.version,
    facts.serverAddress,
    facts.urlFull,
    request.model,
    response?.model,
    response?.systemFingerprint,
    agent?.version,
    facts.conversationId,
    response?.id,
    facts.requestId,
    facts.traceId,
    facts.spanId,
    facts.callId,
    record_id,
    ...facts.attempts.map((attempt) => attempt.requestId),
    ...facts.attributes.flatMap((attribute) => [attribute.name, attribute.value]),
    ...environment.sdks.flatMap((sdk) => [sdk.name, sdk.version]),
  ];
}
