import type { ContentKind, RequestIdSource, ServerCode } from '../facts/enums';
import type { Identifier } from '../facts/identifier';
import { isErrorValue, isRequestField, serverCode } from './enum-values';
import { asObject, compact, field, type JsonObject, objectField, parseJson, stringField } from './json';
import { type ReadContext, serverIdentifier } from './read-context';

/** The content of an error body. Only the error object may contain its texts, never a span or a record. */
export interface ErrorReading {
  readonly serverCode?: ServerCode;
  readonly serverType?: ServerCode;
  readonly requestId?: Identifier<'id'>;
  readonly requestIdSource?: RequestIdSource;
  /** `code`, `type` and `param` as sent, if they match the grammar of a label. */
  readonly code?: Identifier<'name'>;
  readonly type?: Identifier<'name'>;
  readonly param?: Identifier<'name'>;
  /** Redacted, and at most 500 characters. */
  readonly serverMessage: string;
}

/** Limits the server text in an error object. It may quote parts of the request. */
const MAX_MESSAGE_LENGTH = 500;
/** The last match counts: a relay appends its request id after the id of its upstream. */
const REQUEST_ID_IN_TEXT = /\(request id: ([^)]{1,200})\)/g;

/** Reads the body of an error response. Text that is not JSON yields an empty reading. */
export function readError(text: string, contentKind: ContentKind, context: ReadContext): ErrorReading {
  const parsed = contentKind === 'html' ? undefined : parseJson(text);
  return parsed === undefined ? { serverMessage: '' } : readErrorValue(parsed.value, context);
}

/** Reads an error that is already parsed, for example from a stream event. */
export function readErrorValue(value: unknown, context: ReadContext): ErrorReading {
  const body = asObject(value);
  const error = objectField(body, 'error') ?? body;
  const message = readMessage(body, error);
  const requestId = readRequestIdInText(message, context);
  return compact<ErrorReading>({
    serverCode: serverCode(field(error, 'code')),
    serverType: serverCode(field(error, 'type')),
    requestId,
    requestIdSource: requestId === undefined ? undefined : 'message',
    code: wordOf(field(error, 'code'), isErrorValue, context),
    type: wordOf(field(error, 'type'), isErrorValue, context),
    param: wordOf(field(error, 'param'), isRequestField, context),
    serverMessage: context.redactor.redact(message, MAX_MESSAGE_LENGTH),
  });
}

/** Values that the protocol defines are not echoes, even if the prompt also contains them. */
function wordOf(
  value: unknown,
  isOwn: (word: string) => boolean,
  context: ReadContext,
): Identifier<'name'> | undefined {
  // A value that the protocol defines also matches the grammar of a label.
  return typeof value === 'string' && isOwn(value)
    ? (value as Identifier<'name'>)
    : serverIdentifier('name', value, context);
}

function readMessage(body: JsonObject | undefined, error: JsonObject | undefined): string {
  return stringField(error, 'message') ?? stringField(body, 'error') ?? stringField(body, 'message') ?? '';
}

function readRequestIdInText(message: string, context: ReadContext): Identifier<'id'> | undefined {
  const last = [...message.slice(-8_192).matchAll(REQUEST_ID_IN_TEXT)].at(-1);
  return serverIdentifier('id', last?.[1]?.trim(), context);
}
