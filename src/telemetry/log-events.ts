// A namespace import: a named import of `logs` is a link error under API 1.9, which does not have it.
import * as api from '@opentelemetry/api';
import type { CallObserver } from '../facts/observer';
import type { AttributeSets } from './attribute-sets';
import { SCOPE } from './scope';
import { EVENT_COMETAPI_CALL } from './semconv';
import type { CallContexts } from './span-observer';

// API 1.9 has no `SeverityNumber` either. These are the numbers of the protocol.
const INFO = 9;
const WARN = 13;

/**
 * Emits one OpenTelemetry event per call, with the attributes of its span and without a body. Does nothing without a
 * logger provider, or under API 1.9. Must run before the span observer, which drops the call's context when it closes.
 */
export function createLogEvents(attributes: AttributeSets, contexts: CallContexts): CallObserver {
  const logger = createLoggerSource();
  return {
    callClosed(call) {
      const context = contexts.contextOf(call);
      const use = logger();
      if (context === undefined || use === undefined) {
        return;
      }
      const failed = call.ending === 'failed';
      const severityNumber = failed ? WARN : INFO;
      if (use.enabled({ context, severityNumber, eventName: EVENT_COMETAPI_CALL })) {
        use.emit({
          eventName: EVENT_COMETAPI_CALL,
          severityNumber,
          severityText: failed ? 'WARN' : 'INFO',
          attributes: attributes.event(call),
          context,
        });
      }
    },
  };
}

function createLoggerSource(): () => api.Logger | undefined {
  if (!('logs' in api)) {
    return () => undefined;
  }
  const { logs } = api;
  let provider: api.LoggerProvider | undefined;
  let logger: api.Logger | undefined;
  return () => {
    const current = logs.getLoggerProvider();
    if (current !== provider) {
      logger = current.getLogger(SCOPE.name, SCOPE.version, SCOPE.options);
      provider = current;
    }
    return logger;
  };
}
