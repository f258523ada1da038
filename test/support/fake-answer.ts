import { APIError } from '../../src/errors/api-error';
import type { CallFacts } from '../../src/facts/call-facts';
import type { CallEnd } from '../../src/facts/call-recorder';
import type { TypedAnswer } from '../../src/resources/typed-call';
import { BodyFailure } from '../../src/wire/body/body-failure';
import type { DeliveredEvent } from '../../src/wire/stream/inspect-event-stream';

/** The result of one read of a scripted body. The body ends after the last one. */
export interface ScriptedRead {
  readonly events?: readonly DeliveredEvent[];
  /** The end of the protocol, known from this read on. */
  readonly end?: CallEnd;
  readonly failure?: unknown;
  /** The read waits for this promise, or until the body is cancelled. */
  readonly until?: Promise<unknown>;
}

export interface FakeAnswer {
  readonly answer: TypedAnswer;
  /** The calls on the body, in order. */
  readonly asked: readonly string[];
}

export interface FakeAnswerOptions {
  readonly reads?: readonly ScriptedRead[];
  readonly deliver?: (event: DeliveredEvent) => void;
  readonly json?: TypedAnswer['json'];
  readonly facts?: CallFacts;
  readonly response?: Response;
  readonly requestId?: string;
}

export const COMPLETED: CallEnd = {
  ending: 'completed',
  endingReason: 'terminal_event',
  category: 'none',
  phase: 'stream',
};
export const TRUNCATED: CallEnd = {
  ending: 'failed',
  endingReason: 'stream_truncated',
  category: 'truncated_stream',
  phase: 'stream',
};

/** An answer with a scripted body. The message of its errors names their source. */
export function fakeAnswer(options: FakeAnswerOptions = {}): FakeAnswer {
  const asked: string[] = [];
  const reads = [...(options.reads ?? [])];
  const cancelled = Promise.withResolvers<void>();
  let end: CallEnd | undefined;
  let isCancelled = false;

  const body: TypedAnswer['body'] = {
    get end() {
      return end;
    },
    async read() {
      asked.push('read');
      const read = isCancelled ? undefined : reads.shift();
      if (read === undefined) {
        return undefined;
      }
      if (read.until !== undefined) {
        await Promise.race([read.until, cancelled.promise]);
      }
      if (isCancelled) {
        return undefined;
      }
      for (const event of read.events ?? []) {
        options.deliver?.(event);
      }
      end = read.end ?? end;
      if (read.failure !== undefined) {
        throw read.failure;
      }
      return new Uint8Array(1);
    },
    cancel() {
      asked.push('cancel');
      isCancelled = true;
      cancelled.resolve();
    },
    fail: ({ endingReason }) => void asked.push(`fail ${endingReason}`),
    drain: () => void asked.push('drain'),
  };
  return {
    asked,
    answer: {
      body,
      ...(options.json !== undefined && { json: options.json }),
      ...(options.requestId !== undefined && { requestId: options.requestId }),
      isEventStream: options.json === undefined,
      response: () => options.response ?? new Response(null, { status: 204 }),
      facts: () => options.facts,
      error: (failure, server) =>
        new APIError({ message: failure?.end.endingReason ?? server?.serverMessage ?? end?.endingReason ?? 'unknown' }),
      cancelWhenCollected: () => undefined,
      openaiCompatible: false,
    },
  };
}

export function data(value: unknown): DeliveredEvent {
  return { kind: 'data', event: undefined, value };
}

export function truncated(): BodyFailure {
  return new BodyFailure(TRUNCATED);
}
