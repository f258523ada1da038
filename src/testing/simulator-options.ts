import type { Scenario } from './scenario';

/** Headers that may carry the request id. None is documented; clients read them when present. */
export type RequestIdHeader = 'x-request-id' | 'x-oneapi-request-id' | 'cf-ray';

/** How the simulated gateway behaves apart from the scenario. Everything the public documentation leaves open is a switch here. */
export interface SimulatorOptions {
  /** What happens to each request. @default scenario.ok() */
  readonly scenario?: Scenario;
  /** Keys that are accepted beside the generated `simulator.apiKey`. @default [] */
  readonly apiKeys?: readonly string[];
  /** Models listed by `GET /v1/models` and `GET /api/models`. @default ['simulated-model'] */
  readonly models?: readonly string[];
  /**
   * Which of the two documented forms an error body takes: `full` has `param` and a `code`; `short` has no `param` and an
   * empty `code`. @default 'full'
   */
  readonly errorEnvelope?: 'full' | 'short';
  /** Whether error messages end with `(request id: …)`. @default true */
  readonly requestIdInMessage?: boolean;
  /** Header of every answer that carries the request id. @default 'none' */
  readonly requestIdHeader?: RequestIdHeader | 'none';
  /** What a path that does not exist gets, and so a base URL without `/v1`. @default '301' */
  readonly wrongPath?: '301' | 'html200' | 'json404';
  /** Whether a field outside the documented ones is answered with 400. @default false */
  readonly refuseUnknownParameters?: boolean;
  /** The model named in answers, or a function of the model asked for (a dated snapshot, say). @default the model asked for */
  readonly answeredModel?: string | ((askedModel: string) => string);
  /** Leaves out every answer field a client must treat as optional. @default false */
  readonly omitOptionalFields?: boolean;
  /** When a chat stream has its usage chunk. @default 'when_asked' (`stream_options.include_usage`) */
  readonly usageInStream?: 'when_asked' | 'always' | 'never';
  /** Whether a responses stream ends with `data: [DONE]` too, which is not documented. @default false */
  readonly doneAfterResponses?: boolean;
  /** Larger request bodies are answered with 413, in bytes. @default 33,554,432 (32 MiB) */
  readonly maxRequestBytes?: number;
  /** How long the HTTP server keeps an idle connection, in ms. @default 60,000 */
  readonly keepAliveTimeoutMs?: number;
}

/** The switches with their defaults filled in. */
export type Settings = Required<Omit<SimulatorOptions, 'scenario'>>;

/** Fills in the defaults. */
export function resolveSettings(options: SimulatorOptions): Settings {
  return {
    apiKeys: options.apiKeys ?? [],
    models: options.models ?? ['simulated-model'],
    errorEnvelope: options.errorEnvelope ?? 'full',
    requestIdInMessage: options.requestIdInMessage ?? true,
    requestIdHeader: options.requestIdHeader ?? 'none',
    wrongPath: options.wrongPath ?? '301',
    refuseUnknownParameters: options.refuseUnknownParameters ?? false,
    answeredModel: options.answeredModel ?? ((askedModel) => askedModel),
    omitOptionalFields: options.omitOptionalFields ?? false,
    usageInStream: options.usageInStream ?? 'when_asked',
    doneAfterResponses: options.doneAfterResponses ?? false,
    maxRequestBytes: options.maxRequestBytes ?? 33_554_432,
    keepAliveTimeoutMs: options.keepAliveTimeoutMs ?? 60_000,
  };
}
