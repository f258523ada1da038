import { ok } from './answer-scenarios';
import { type HeaderLines, headerPairs } from './failure-scenarios';
import { cutAt, dripped, type FaultLimits, type FaultPlace, resetAt, stallAt, until } from './faults';
import { type FramingOptions, reframed } from './framing';
import { type GzipOptions, gzipped, reheaded, withChunkError, withHostileJson, withoutHeader } from './http-faults';
import { type Scenario, transformed } from './scenario';
import type { Step, Steps } from './step';
import {
  type EndlessContent,
  type ErrorEventOptions,
  endlessly,
  lingering,
  withDataAfterDone,
  withErrorEvent,
  withoutParts,
} from './stream-faults';

/** Every fault strikes an answer. */
export interface Struck {
  /** The answer it strikes, which may be a chain or another fault. @default scenario.ok() */
  readonly of?: Scenario;
}

/** Choices of a fault that strikes at a place. */
export interface FaultOptions extends Struck, FaultLimits {
  /** Where it strikes. */
  readonly at?: FaultPlace;
}

/** Resets the connection (RST), by default before the first byte. */
export function reset(options: FaultOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => resetAt(steps, options.at ?? 'before', options));
}

/** Closes the connection (FIN) before the body is over, by default after two events or in the middle of the JSON. */
export function cut(options: FaultOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => cutAt(steps, options.at ?? 'mid_stream', options));
}

/** Stays open and says nothing more, by default before the first byte; or, in a stream, nothing but comments. */
export function stall(
  options: FaultOptions & { readonly commentsOnly?: boolean; readonly commentEveryMs?: number } = {},
): Scenario {
  const commentEveryMs = options.commentsOnly === true ? (options.commentEveryMs ?? 50) : undefined;
  const place = options.at ?? (options.commentsOnly === true ? 'mid_stream' : 'before');
  return transformed(options.of ?? ok(), (steps) => stallAt(steps, place, options, commentEveryMs));
}

/** Sends the body in small writes with a pause before each: slow but steady. */
export function drip(options: Struck & { readonly bytesPerWrite?: number; readonly delayMs?: number } = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => dripped(steps, options.bytesPerWrite ?? 1, options.delayMs ?? 1));
}

/** An error event breaks the stream off; a JSON request gets the error with status 200. */
export function errorEvent(options: Struck & ErrorEventOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps, exchange) => withErrorEvent(steps, exchange, options));
}

/** A stream that ends properly for HTTP, without finish reason, terminal event or `[DONE]`. JSON is whole. */
export function truncatedStream(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => withoutParts(steps, ['terminal', 'usage', 'done']));
}

/** A chat stream with its finish reason and without `[DONE]`. */
export function noDone(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => withoutParts(steps, ['done']));
}

/** A stream that is complete and does not close. */
export function lingerAfterDone(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), lingering);
}

/** A stream that goes on after its end, with a delta and with garbage. */
export function dataAfterDone(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), withDataAfterDone);
}

/** The same events in other frames. */
export function framing(options: Struck & FramingOptions): Scenario {
  return transformed(options.of ?? ok(), (steps) => reframed(steps, options));
}

/** An answer without end: events, one line, comments, or a body. */
export function endless(content: EndlessContent, options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => endlessly(steps, content));
}

/** JSON although events were asked for. */
export function jsonForStream(options: Struck = {}): Scenario {
  return transformed(
    options.of ?? ok(),
    (steps) => steps,
    (exchange) => ({ ...exchange, stream: false }),
  );
}

/** Events although JSON was asked for. */
export function streamForJson(options: Struck = {}): Scenario {
  return transformed(
    options.of ?? ok(),
    (steps) => steps,
    (exchange) => ({ ...exchange, stream: true }),
  );
}

/** Half of a JSON body with the length of that half: whole for HTTP, broken for JSON. A stream is not changed. */
export function truncatedJson(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(halved(steps), (head) => withoutHeader(head, 'content-length')),
  );
}

function* halved(steps: Steps): Generator<Step> {
  for (const step of steps) {
    yield step.kind === 'bytes' ? { kind: 'bytes', bytes: step.bytes.subarray(0, step.bytes.length >> 1) } : step;
  }
}

/** Another content type, or none at all. */
export function contentType(type: string | null, options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => {
      const { headers } = withoutHeader(head, 'content-type');
      return { ...head, headers: type === null ? headers : [...headers, ['content-type', type]] };
    }),
  );
}

/** More headers: duplicated ones as pairs, oversized ones as they are. */
export function headers(lines: HeaderLines, options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => ({ ...head, headers: [...head.headers, ...headerPairs(lines)] })),
  );
}

/** The body compressed; damaged or a bomb when asked. */
export function gzip(options: Struck & GzipOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => gzipped(steps, options));
}

/** An HTTP/1.0 server: no chunks, closed after each answer. */
export function http10(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => ({ ...withoutHeader(head, 'content-length'), version: '1.0' })),
  );
}

/** A body without length and without chunks: only the end of the connection ends it, so that a cut cannot be seen. */
export function closeDelimited(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => ({ ...withoutHeader(head, 'content-length'), delimiter: 'close' })),
  );
}

/** A status line without its reason phrase. */
export function noReasonPhrase(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => reheaded(steps, (head) => ({ ...head, reason: '' })));
}

/** A 103 answer before the real one. In memory fetch does not show it, as Node's does not. */
export function earlyHints(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), function* (steps) {
    yield { kind: 'informational', status: 103, link: '</simulated>; rel=preload' };
    yield* steps;
  });
}

/** A whole answer that promises to keep the connection, and closes it. */
export function closeAfter(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), function* (steps) {
    for (const step of steps) {
      yield step.kind === 'end' ? { kind: 'end', closeConnection: true } : step;
    }
  });
}

/** A body in chunks, one of which has no valid length. In memory: the body fails. */
export function chunkError(options: Struck & FaultLimits = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    withChunkError(
      until(
        reheaded(steps, (head) => withoutHeader(head, 'content-length')),
        'mid_stream',
        options,
      ),
    ),
  );
}

/** A correct answer with `__proto__`, `constructor` and deep nesting in every JSON object. */
export function hostileJson(options: Struck & { readonly depth?: number } = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => withHostileJson(steps, options.depth ?? 500));
}
