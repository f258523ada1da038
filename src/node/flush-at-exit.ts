import { setTimeout as delay } from 'node:timers/promises';
import { metrics, trace } from '@opentelemetry/api';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `shutdown` when the event loop is empty, and before SIGTERM or SIGINT ends the process. Then it raises the
 * signal again, so the exit status shows it. If the application handles the signal, it only exports pending telemetry.
 *
 * @returns a function that removes the listeners
 */
export function flushAtExit(shutdown: () => Promise<void>, flushTimeoutMs: number): () => void {
  const onBeforeExit = (): void => void shutdown();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) {
      // The application handles this signal. It may continue to run, so keep telemetry active.
      void flush();
      return;
    }
    void Promise.race([shutdown(), delay(flushTimeoutMs)]).then(() => process.kill(process.pid, signal));
  };

  process.on('beforeExit', onBeforeExit);
  for (const signal of SIGNALS) {
    process.on(signal, onSignal);
  }
  return () => {
    process.off('beforeExit', onBeforeExit);
    for (const signal of SIGNALS) {
      process.off(signal, onSignal);
    }
  };
}

/** Exports pending telemetry. Recording continues. */
async function flush(): Promise<void> {
  const tracing = trace.getTracerProvider();
  const delegate =
    'getDelegate' in tracing && typeof tracing.getDelegate === 'function' ? tracing.getDelegate() : tracing;
  await Promise.allSettled([delegate, metrics.getMeterProvider()].map(forceFlush));
}

async function forceFlush(provider: object): Promise<void> {
  if ('forceFlush' in provider && typeof provider.forceFlush === 'function') {
    await provider.forceFlush();
  }
}
