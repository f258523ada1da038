import type { Label } from '../facts/label';
import type { CallEnd, ResponseNotes } from '../facts/observation';
import type { ContentKind, EndpointFamily } from '../facts/words';
import type { BodyInspector } from './body-inspector';
import { parseJson } from './json-values';
import type { ReadContext } from './read-context';
import { type ErrorReading, readError, readErrorValue } from './read-error';
import { readResponse } from './read-response';

/** An inspector of a whole body. After {@link end} it holds what was parsed, for the one who reads it. */
export interface JsonInspector extends BodyInspector {
  /** The parsed answer; present after a clean end of parseable JSON. */
  readonly parsed: { readonly value: unknown } | undefined;
  /** The body's text where it was no JSON, for the one who reads it. */
  readonly text: string | undefined;
  /** Present when the answer was an error object. */
  readonly error: ErrorReading | undefined;
}

export interface JsonInspectorOptions {
  readonly family: EndpointFamily;
  readonly requestedModel: Label<'model'> | undefined;
  readonly contentKind: ContentKind;
  readonly context: ReadContext;
  /** A body beyond this is passed on without being read. */
  readonly maxKeptBytes: number;
  /** A stream was asked for, so a whole body is not the answer. */
  readonly expectsStream: boolean;
}

const COMPLETED: CallEnd = { ending: 'completed', endingReason: 'body_complete', category: 'none', phase: 'body' };
const UNEXPECTED: CallEnd = {
  ending: 'failed',
  endingReason: 'unexpected_response',
  category: 'unexpected_response',
  errorType: '_OTHER',
  phase: 'body',
};
const HTML: CallEnd = { ...UNEXPECTED, category: 'path_or_base_url' };
const SAYS_FAILED: CallEnd = { ...UNEXPECTED, endingReason: 'response_failed' };

/** Reads a JSON answer once it is whole; the bytes themselves pass untouched. */
export function createJsonInspector(options: JsonInspectorOptions): JsonInspector {
  let chunks: Uint8Array[] = [];
  let size = 0;
  let notes: ResponseNotes = {};
  let parsed: { readonly value: unknown } | undefined;
  let unparsed: string | undefined;
  let error: ErrorReading | undefined;

  const judge = (): CallEnd => {
    if (size > options.maxKeptBytes) {
      return COMPLETED;
    }
    const text = decode(chunks, size);
    chunks = [];
    parsed = options.contentKind === 'html' ? undefined : parseJson(text);
    if (parsed === undefined) {
      unparsed = text;
    }
    if (options.contentKind === 'html' || (parsed === undefined && /^\s*</.test(text))) {
      return expectsAnswer(options.family) ? HTML : COMPLETED;
    }
    if (parsed === undefined) {
      error = readError(text, options.contentKind, options.context);
      const isBrokenJson = options.contentKind === 'json' && text.trim() !== '';
      return isBrokenJson || expectsAnswer(options.family) ? UNEXPECTED : COMPLETED;
    }
    const reading = readResponse(parsed.value, options.family, options.requestedModel, options.context);
    if (reading.facts !== undefined) {
      notes = { response: reading.facts };
    }
    if (reading.shape === 'error') {
      error = readErrorValue(parsed.value, options.context);
      notes = { ...notes, ...errorNotes(error) };
      return UNEXPECTED;
    }
    if (reading.shape === 'failed') {
      return SAYS_FAILED;
    }
    return reading.shape === 'ok' && !options.expectsStream ? COMPLETED : UNEXPECTED;
  };

  return {
    terminal: undefined,
    whole: undefined,
    push(chunk) {
      size += chunk.byteLength;
      if (size <= options.maxKeptBytes) {
        chunks.push(chunk);
      } else {
        chunks = [];
      }
      return chunk.byteLength > 0;
    },
    end: judge,
    notes: () => notes,
    get parsed() {
      return parsed;
    },
    get text() {
      return unparsed;
    },
    get error() {
      return error;
    },
  };
}

/** What an error reading adds to the facts of the response. */
export function errorNotes(error: ErrorReading): ResponseNotes {
  return {
    ...(error.serverCode !== undefined && { serverCode: error.serverCode }),
    ...(error.requestId !== undefined && { requestId: error.requestId }),
    ...(error.requestIdSource !== undefined && { requestIdSource: error.requestIdSource }),
  };
}

/** Families whose answer must have a shape; the rest may be anything. */
function expectsAnswer(family: EndpointFamily): boolean {
  return family !== 'cometapi-other';
}

export function decode(chunks: readonly Uint8Array[], size: number): string {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) {
    return new TextDecoder().decode(only);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return new TextDecoder().decode(whole);
}
