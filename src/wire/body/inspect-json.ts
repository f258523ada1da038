import type { CallEnd, ResponseNotes } from '../../facts/call-recorder';
import { type EndpointFamily, familyRow } from '../../facts/endpoints';
import type { ContentKind } from '../../facts/enums';
import type { Identifier } from '../../facts/identifier';
import { parseJson } from '../json';
import type { ReadContext } from '../read-context';
import { type ErrorReading, readError, readErrorValue } from '../read-error';
import { readResponse } from '../read-response';
import type { BodyInspector } from './body-inspector';

/** Inspects a whole body. After {@link end} it contains the parsed value or the text. */
export interface JsonInspector extends BodyInspector {
  /** The parsed response. Set after a clean end if the body is JSON. */
  readonly parsed: { readonly value: unknown } | undefined;
  /** The text of a body that is not JSON. */
  readonly text: string | undefined;
  /** Set if the response is an error object, or text that is neither JSON nor HTML. */
  readonly error: ErrorReading | undefined;
}

export interface JsonInspectorOptions {
  readonly family: EndpointFamily;
  readonly requestedModel: Identifier<'model'> | undefined;
  readonly contentKind: ContentKind;
  readonly context: ReadContext;
  /** A larger body passes without being parsed. */
  readonly maxKeptBytes: number;
  /** True if the request asks for a stream. Then a whole body is an unexpected response. */
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

/** Parses a JSON response at its end. The bytes pass unchanged. */
export function createJsonInspector(options: JsonInspectorOptions): JsonInspector {
  return new JsonReading(options);
}

/**
 * A class because of its getters. V8 creates a separate hidden class for each object literal with accessors. That
 * hidden class keeps everything in scope, including the response, in memory until the next full garbage collection.
 */
class JsonReading implements JsonInspector {
  readonly terminal = undefined;
  readonly whole = undefined;
  readonly #options: JsonInspectorOptions;
  #chunks: Uint8Array[] = [];
  #size = 0;
  #notes: ResponseNotes = {};
  #parsed: { readonly value: unknown } | undefined;
  #text: string | undefined;
  #error: ErrorReading | undefined;

  constructor(options: JsonInspectorOptions) {
    this.#options = options;
  }

  get parsed(): { readonly value: unknown } | undefined {
    return this.#parsed;
  }

  get text(): string | undefined {
    return this.#text;
  }

  get error(): ErrorReading | undefined {
    return this.#error;
  }

  push(chunk: Uint8Array): boolean {
    this.#size += chunk.byteLength;
    if (this.#size <= this.#options.maxKeptBytes) {
      this.#chunks.push(chunk);
    } else {
      this.#chunks = [];
    }
    return chunk.byteLength > 0;
  }

  notes(): ResponseNotes {
    return this.#notes;
  }

  end(): CallEnd {
    const { family, contentKind, maxKeptBytes } = this.#options;
    if (this.#size > maxKeptBytes) {
      return COMPLETED;
    }
    const text = decode(this.#chunks, this.#size);
    this.#chunks = [];
    const parsed = contentKind === 'html' ? undefined : parseJson(text);
    if (parsed !== undefined) {
      this.#parsed = parsed;
      return this.#judge(parsed.value);
    }
    this.#text = text;
    if (contentKind === 'html' || /^\s*</.test(text)) {
      return expectsAnswer(family) ? HTML : COMPLETED;
    }
    this.#error = readError(text, contentKind, this.#options.context);
    const isBrokenJson = contentKind === 'json' && text.trim() !== '';
    return isBrokenJson || expectsAnswer(family) ? UNEXPECTED : COMPLETED;
  }

  #judge(value: unknown): CallEnd {
    const { family, requestedModel, context, expectsStream } = this.#options;
    const { shape, facts } = readResponse(value, family, requestedModel, context);
    if (facts !== undefined) {
      this.#notes = { response: facts };
    }
    if (shape === 'error') {
      this.#error = readErrorValue(value, context);
      this.#notes = { ...this.#notes, ...errorNotes(this.#error) };
      return UNEXPECTED;
    }
    if (shape === 'failed') {
      return SAYS_FAILED;
    }
    return shape === 'ok' && !expectsStream ? COMPLETED : UNEXPECTED;
  }
}

/** Returns the response facts that an error contains. */
export function errorNotes(error: ErrorReading): ResponseNotes {
  return {
    ...(error.serverCode !== undefined && { serverCode: error.serverCode }),
    ...(error.requestId !== undefined && { requestId: error.requestId }),
    ...(error.requestIdSource !== undefined && { requestIdSource: error.requestIdSource }),
  };
}

/** True if responses of the family must have a known shape. Other responses may contain anything. */
function expectsAnswer(family: EndpointFamily): boolean {
  return familyRow(family).answer !== undefined;
}

/** Shared: without the `stream` option, a decoder keeps no state between texts. */
const UTF8 = new TextDecoder();

export function decode(chunks: readonly Uint8Array[], size: number): string {
  const [only] = chunks;
  if (only !== undefined && chunks.length === 1) {
    return UTF8.decode(only);
  }
  const whole = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.byteLength;
  }
  return UTF8.decode(whole);
}
