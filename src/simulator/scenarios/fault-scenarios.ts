import { type FramingOptions, reframed } from '../bodies/framing';
import { cutAt, dripped, type FaultLimits, type FaultPlace, resetAt, stallAt, until } from '../faults/faults';
import {
  type GzipOptions,
  gzipped,
  reheaded,
  withChunkError,
  withHostileJson,
  withoutHeader,
} from '../faults/http-faults';
import {
  type EndlessContent,
  type ErrorEventOptions,
  endlessly,
  lingering,
  withDataAfterDone,
  withErrorEvent,
  withoutParts,
} from '../faults/stream-faults';
import type { Step, Steps } from '../step';
import { ok } from './answer-scenarios';
import { type HeaderLines, headerPairs } from './failure-scenarios';
import { type Scenario, transformed } from './scenario';

/** Option of every fault: the answer that it affects. */
export interface Struck {
  /** The affected answer. It can be a chain or another fault. @default scenario.ok() */
  readonly of?: Scenario;
}

/** Options of a fault that occurs at a place in the answer. */
export interface FaultOptions extends Struck, FaultLimits {
  /** Place of the fault. Each fault has its own default. */
  readonly at?: FaultPlace;
}

/** Resets the connection (TCP RST), by default before the first byte. */
export function reset(options: FaultOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => resetAt(steps, options.at ?? 'before', options));
}

/** Closes the connection (TCP FIN) before the end of the body, by default after two events or in the middle of JSON. */
export function cut(options: FaultOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => cutAt(steps, options.at ?? 'mid_stream', options));
}

/** Keeps the connection open and sends nothing more. By default it is silent from the start. */
export function stall(
  options: FaultOptions & {
    /** Continues an event stream with comments, by default after two events. @default false */
    readonly commentsOnly?: boolean;
    /** Interval between comments, in milliseconds. @default 50 */
    readonly commentEveryMs?: number;
  } = {},
): Scenario {
  const commentEveryMs = options.commentsOnly === true ? (options.commentEveryMs ?? 50) : undefined;
  const place = options.at ?? (options.commentsOnly === true ? 'mid_stream' : 'before');
  return transformed(options.of ?? ok(), (steps) => stallAt(steps, place, options, commentEveryMs));
}

/** Sends the body slowly but steadily: in small writes, with a pause before each. */
export function drip(
  options: Struck & {
    /** Bytes in each write. @default 1 */
    readonly bytesPerWrite?: number;
    /** Pause before each write, in milliseconds. @default 1 */
    readonly delayMs?: number;
  } = {},
): Scenario {
  return transformed(options.of ?? ok(), (steps) => dripped(steps, options.bytesPerWrite ?? 1, options.delayMs ?? 1));
}

/** Ends a stream with an error event. A JSON request gets the error with status 200. */
export function errorEvent(options: Struck & ErrorEventOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps, exchange) => withErrorEvent(steps, exchange, options));
}

/** Ends a stream without finish reason, terminal event or `[DONE]`. The HTTP body ends normally. JSON is unchanged. */
export function truncatedStream(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => withoutParts(steps, ['terminal', 'usage', 'done']));
}

/** Sends a finish reason, but no `[DONE]`. */
export function noDone(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => withoutParts(steps, ['done']));
}

/** Sends a complete stream and keeps the connection open. */
export function lingerAfterDone(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), lingering);
}

/** Sends one more delta and invalid JSON after the end of a stream. */
export function dataAfterDone(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), withDataAfterDone);
}

/** Sends the same events with different framing. */
export function framing(options: Struck & FramingOptions): Scenario {
  return transformed(options.of ?? ok(), (steps) => reframed(steps, options));
}

/** Sends an endless answer, as fast as the client reads: events, one line, comments, or a body. */
export function endless(content: EndlessContent, options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => endlessly(steps, content));
}

/** Sends JSON although the client requested a stream. */
export function jsonForStream(options: Struck = {}): Scenario {
  return transformed(
    options.of ?? ok(),
    (steps) => steps,
    (exchange) => ({ ...exchange, stream: false }),
  );
}

/** Sends a stream although the client requested JSON. */
export function streamForJson(options: Struck = {}): Scenario {
  return transformed(
    options.of ?? ok(),
    (steps) => steps,
    (exchange) => ({ ...exchange, stream: true }),
  );
}

/** Sends the first half of the JSON. The HTTP body is complete, the JSON is not. Streams are unchanged. */
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

/**
 * Replaces the content type.
 *
 * @param type the new content type; `null` sends none
 */
export function contentType(type: string | null, options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => {
      const { headers } = withoutHeader(head, 'content-type');
      return { ...head, headers: type === null ? headers : [...headers, ['content-type', type]] };
    }),
  );
}

/** Adds headers. Use pairs to send a header twice. Their size is not limited. */
export function headers(lines: HeaderLines, options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => ({ ...head, headers: [...head.headers, ...headerPairs(lines)] })),
  );
}

/** Compresses the body with gzip, optionally damaged or much larger after decompression. */
export function gzip(options: Struck & GzipOptions = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => gzipped(steps, options));
}

/** Answers as an HTTP/1.0 server: no chunks, and the connection closes after the answer. */
export function http10(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => ({ ...withoutHeader(head, 'content-length'), version: '1.0' })),
  );
}

/** Sends a body without content length or chunks. Only the end of the connection ends it, so a cut is undetectable. */
export function closeDelimited(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) =>
    reheaded(steps, (head) => ({ ...withoutHeader(head, 'content-length'), delimiter: 'close' })),
  );
}

/** Sends a status line without a reason phrase. */
export function noReasonPhrase(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), (steps) => reheaded(steps, (head) => ({ ...head, reason: '' })));
}

/** Sends a 103 Early Hints response first. In memory nothing is visible, as with Node's `fetch`. */
export function earlyHints(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), function* (steps) {
    yield { kind: 'informational', status: 103, link: '</simulated>; rel=preload' };
    yield* steps;
  });
}

/** Sends a complete answer with `connection: keep-alive`, then closes the connection. */
export function closeAfter(options: Struck = {}): Scenario {
  return transformed(options.of ?? ok(), function* (steps) {
    for (const step of steps) {
      yield step.kind === 'end' ? { kind: 'end', closeConnection: true } : step;
    }
  });
}

/** Sends a chunk with an invalid length, by default after two events. In memory, the body errors. */
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

/** Adds `__proto__`, `constructor` and deeply nested arrays to every JSON object. Otherwise the answer is correct. */
export function hostileJson(
  options: Struck & {
    /** Levels of nesting. @default 500 */
    readonly depth?: number;
  } = {},
): Scenario {
  return transformed(options.of ?? ok(), (steps) => withHostileJson(steps, options.depth ?? 500));
}
