import type { AnnotationContext } from '../facts/annotation-context';
import type { AttemptFacts, CallFacts, CallOpening } from '../facts/call-facts';
import type { RouteTemplate } from '../facts/endpoints';
import type { FailureType, HttpMethod } from '../facts/enums';
import { type Identifier, timestampIdentifier } from '../facts/identifier';
import type { CallObserver, SpanIds } from '../facts/observer';

/** The levels of log lines. `error` and `off` write none, because the caller receives every failure as an error. */
type LineLevel = 'warn' | 'info' | 'debug';

/** The logger that receives the lines. `console` fits. */
export interface LineLogger extends Readonly<Record<LineLevel, (message: string, line: LogLine) => unknown>> {}

interface LineBase {
  readonly time: Identifier<'timestamp'>;
  readonly method: HttpMethod;
  readonly route_template: RouteTemplate;
  readonly attempts: number;
  readonly request_id: Identifier<'id'> | null;
  readonly trace_id: Identifier<'id'> | null;
  readonly run_id: Identifier<'name'> | null;
  readonly workflow: Identifier<'name'> | null;
}

/** One line, without content. It has `error_type` for a failure that is not a status, else `status`. */
export type LogLine = LineBase & ({ readonly status: number | null } | { readonly error_type: FailureType });

/** The inputs of log lines other than the facts. */
export interface LogLineSettings {
  readonly logger: LineLogger;
  readonly logLevel: 'off' | 'error' | LineLevel;
  /** Returns the operator's annotations of a call. */
  readonly annotationsOf: (call: CallOpening) => AnnotationContext;
  /** Returns the span ids of an open call. */
  readonly spanIds: (call: CallOpening) => SpanIds | undefined;
}

const MESSAGES = {
  warn: 'cometapi-otel retry',
  info: 'cometapi-otel call',
  debug: 'cometapi-otel attempt',
} as const;
const LEVELS: readonly LogLineSettings['logLevel'][] = ['off', 'error', 'warn', 'info', 'debug'];

/** Logs one line per call at `info`, per retry at `warn` and per attempt at `debug`. */
export function createLogLines(settings: LogLineSettings): CallObserver {
  const threshold = LEVELS.indexOf(settings.logLevel);

  const write = (level: LineLevel, line: () => LogLine): void => {
    if (LEVELS.indexOf(level) > threshold) {
      return;
    }
    try {
      const pending = settings.logger[level](MESSAGES[level], line());
      if (pending instanceof Promise) {
        // A rejected promise of an async logger would end the process as an unhandled rejection.
        pending.catch(() => {});
      }
    } catch {
      // A logger that throws must not break the call.
    }
  };

  return {
    attemptClosed(call, attempt) {
      const line = (): LogLine => attemptLine(call, attempt, settings);
      write('debug', line);
      if (attempt.decision === 'retried') {
        write('warn', line);
      }
    },
    callClosed(call) {
      write('info', () => callLine(call, settings));
    },
  };
}

function attemptLine(call: CallOpening, attempt: AttemptFacts, settings: LogLineSettings): LogLine {
  const endedAt = Date.parse(call.startedAt) + attempt.startOffsetMs + attempt.durationMs;
  return lineOf(call, settings, {
    time: timestampIdentifier(endedAt),
    outcome: attempt,
    attempts: attempt.index,
    traceId: settings.spanIds(call)?.traceId,
  });
}

function callLine(call: CallFacts, settings: LogLineSettings): LogLine {
  return lineOf(call, settings, {
    time: call.endedAt,
    outcome: call,
    attempts: call.attempts.length,
    traceId: call.traceId,
  });
}

interface LineParts {
  readonly time: Identifier<'timestamp'>;
  readonly outcome: Pick<AttemptFacts, 'status' | 'errorType' | 'requestId'>;
  readonly attempts: number;
  readonly traceId: Identifier<'id'> | undefined;
}

function lineOf(call: CallOpening, settings: LogLineSettings, parts: LineParts): LogLine {
  const { runId, workflow } = settings.annotationsOf(call);
  const { errorType, status, requestId } = parts.outcome;
  return {
    time: parts.time,
    method: call.method,
    route_template: call.routeTemplate,
    ...(isFailureType(errorType) ? { error_type: errorType } : { status: status ?? null }),
    attempts: parts.attempts,
    request_id: requestId ?? null,
    trace_id: parts.traceId ?? null,
    run_id: runId ?? null,
    workflow: workflow ?? null,
  };
}

/** A failed status is logged as `status`. Other error types are logged, because a status of 200 would hide them. */
function isFailureType(errorType: AttemptFacts['errorType']): errorType is FailureType {
  return errorType !== undefined && Number.isNaN(Number(errorType));
}
