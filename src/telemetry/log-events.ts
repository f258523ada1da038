// Only the namespace: `logs` came with 1.10 of the API, and naming it in an import is a link error under 1.9.
import * as api from '@opentelemetry/api';
import type { CallObserver } from '../facts/observer';
import type { AttributeSets } from './attribute-sets';
import { SCOPE } from './scope';
import { EVENT_COMETAPI_CALL } from './semconv';
import type { CallContexts } from './span-observer';

// `SeverityNumber` is not in 1.9 either; these are the protocol's numbers.
const INFO = 9;
const WARN = 13;

/**
 * One OpenTelemetry event per closed call, with the attributes of its span and no body. Does nothing without a logger
 * provider, or under 1.9 of the API. Must be told before the span observer, which forgets the call at its end.
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
