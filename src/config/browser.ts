import type { Problems } from './problems';

/**
 * Refuses to start where anybody who opens the page can read the key, as `openai` does: in browsers and their workers,
 * unless the caller says that he knows.
 */
export function refuseBrowser(dangerouslyAllowBrowser: boolean, problems: Problems): void {
  if (!dangerouslyAllowBrowser && (isBrowser() || isBrowserWorker())) {
    problems.add(
      'This looks like a browser, where everybody can read the API key: call CometAPI from your own server. dangerouslyAllowBrowser: true starts the client all the same.',
    );
  }
}

function isBrowser(): boolean {
  return has(globalThis, 'window') && has(inner(globalThis, 'window'), 'document') && has(globalThis, 'navigator');
}

/** Other platforms have a worker's globals too, so what they alone have is looked for. */
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
