import { setTimeout as delay } from 'node:timers/promises';
import { metrics, trace } from '@opentelemetry/api';

const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/**
 * Calls `shutdown` when the event loop runs empty, and before the process dies of a terminating signal. The death stays
 * what it was: the signal is raised again, so that the exit status tells of it, unless the application handles it.
 *
 * @returns what removes the listeners
 */
export function flushAtExit(shutdown: () => Promise<void>, flushTimeoutMs: number): () => void {
  const onBeforeExit = (): void => void shutdown();
  const onSignal = (signal: NodeJS.Signals): void => {
    if (process.listenerCount(signal) > 1) {
      // The application decides what this signal means; it may go on and need telemetry further.
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

/** Exports what is there, and goes on recording. */
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
