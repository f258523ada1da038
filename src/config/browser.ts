import type { Problems } from './problems';

/**
 * Refuses to start in browsers and their workers, where anyone who opens the page can read the key. Same as `openai`.
 *
 * @param dangerouslyAllowBrowser skips the check
 */
export function refuseBrowser(dangerouslyAllowBrowser: boolean, problems: Problems): void {
  if (!dangerouslyAllowBrowser && (isBrowser() || isBrowserWorker())) {
    problems.add(
      'The client does not start in a browser, because anyone who opens the page can read the API key. Call CometAPI from your own server, or set dangerouslyAllowBrowser: true.',
    );
  }
}

function isBrowser(): boolean {
  return has(globalThis, 'window') && has(inner(globalThis, 'window'), 'document') && has(globalThis, 'navigator');
}

/** Detects a browser's worker. Excludes other platforms with the same globals by the globals that only they define. */
function isBrowserWorker(): boolean {
  return (
    isInstance(globalThis, 'WorkerGlobalScope') &&
    isInstance(inner(globalThis, 'navigator'), 'WorkerNavigator') &&
    inner(inner(globalThis, 'navigator'), 'userAgent') !== 'Cloudflare-Workers' &&
    !['Deno', 'Bun', 'EdgeRuntime', 'WebSocketPair'].some((name) => has(globalThis, name)) &&
    !has(inner(inner(globalThis, 'process'), 'versions'), 'node')
  );
}

function inner(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function has(value: unknown, name: string): boolean {
  return inner(value, name) !== undefined;
}

function isInstance(value: unknown, className: string): boolean {
  const Class = inner(globalThis, className);
  return typeof Class === 'function' && value instanceof Class;
}
