/** Headers that may contain the request id. None is documented, but clients read them if present. */
export type RequestIdHeader = 'x-request-id' | 'x-oneapi-request-id' | 'cf-ray';

/** Behavior that the documentation of CometAPI leaves open. */
export interface BehaviorOptions {
  /** API keys to accept in addition to the generated `simulator.apiKey`. @default [] */
  readonly apiKeys?: readonly string[];
  /** Models listed by `GET /v1/models` and `GET /api/models`. @default ['simulated-model'] */
  readonly models?: readonly string[];
  /**
   * Form of an error body. Both are documented: `full` has `param` and `code`; `short` has no `param` and an empty
   * `code`.
   *
   * @default 'full'
   */
  readonly errorEnvelope?: 'full' | 'short';
  /** Ends error messages with `(request id: …)`. @default true */
  readonly requestIdInMessage?: boolean;
  /** Header that contains the request id in every answer. @default 'none' */
  readonly requestIdHeader?: RequestIdHeader | 'none';
  /**
   * Answer to an unknown path, for example of a base URL without `/v1`: a redirect, a page with status 200, or a JSON
   * error with status 404.
   *
   * @default '301'
   */
  readonly wrongPath?: '301' | 'html200' | 'json404';
  /** Answers an undocumented request field with 400. @default false */
  readonly refuseUnknownParameters?: boolean;
  /**
   * Model named in answers, or a function of the requested model, for example to append a date.
   *
   * @default the requested model
   */
  readonly answeredModel?: string | ((requestedModel: string) => string);
  /** Omits every answer field that a client must treat as optional. @default false */
  readonly omitOptionalFields?: boolean;
  /**
   * When a chat stream contains a usage chunk. `when_asked` means: if `stream_options.include_usage` is true.
   *
   * @default 'when_asked'
   */
  readonly usageInStream?: 'when_asked' | 'always' | 'never';
  /** Ends a responses stream with `data: [DONE]`, which is not documented. @default false */
  readonly doneAfterResponses?: boolean;
  /** Maximum size of a request body, in bytes. Larger bodies get a 413. @default 33_554_432 (32 MiB) */
  readonly maxRequestBytes?: number;
  /** Time that the HTTP server keeps an idle connection open, in milliseconds. @default 60_000 */
  readonly keepAliveTimeoutMs?: number;
}

/** The options with defaults filled in. */
export type Settings = Required<BehaviorOptions>;

/** Fills in the defaults. */
export function resolveSettings(options: BehaviorOptions): Settings {
  return {
    apiKeys: options.apiKeys ?? [],
    models: options.models ?? ['simulated-model'],
    errorEnvelope: options.errorEnvelope ?? 'full',
    requestIdInMessage: options.requestIdInMessage ?? true,
    requestIdHeader: options.requestIdHeader ?? 'none',
    wrongPath: options.wrongPath ?? '301',
    refuseUnknownParameters: options.refuseUnknownParameters ?? false,
    answeredModel: options.answeredModel ?? ((requestedModel) => requestedModel),
    omitOptionalFields: options.omitOptionalFields ?? false,
    usageInStream: options.usageInStream ?? 'when_asked',
    doneAfterResponses: options.doneAfterResponses ?? false,
    maxRequestBytes: options.maxRequestBytes ?? 33_554_432,
    keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? 60_000,
  };
}
