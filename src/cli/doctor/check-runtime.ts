import { type Finding, fail, ok, warn } from './finding';

/** The same version as `engines` in package.json. */
const MIN_NODE = [22, 15, 0] as const;
/** First undici releases that limit the decompression steps of a body (CVE-2026-22036). Node's `fetch` is undici. */
const MIN_UNDICI: Readonly<Record<number, readonly [number, number, number]>> = { 6: [6, 23, 0], 7: [7, 18, 0] };

/** @param versions `process.versions` */
export function checkRuntime(versions: Readonly<Record<string, string | undefined>>): Finding {
  const node = versions['node'] ?? '0.0.0';
  const undici = versions['undici'];
  if (isOlder(node, MIN_NODE)) {
    return fail('node', `Node ${node} is too old`, `Use Node ${MIN_NODE.join('.')} or later.`);
  }
  const least = MIN_UNDICI[numbersOf(undici ?? '')[0] ?? 0];
  if (undici !== undefined && least !== undefined && isOlder(undici, least)) {
    return warn(
      'node',
      `Node ${node} contains undici ${undici}, which does not limit decompression steps (CVE-2026-22036)`,
      'Update to the newest patch release of this Node line.',
    );
  }
  return ok('node', `Node ${node}${undici === undefined ? '' : `, undici ${undici}`}`);
}

function isOlder(version: string, least: readonly [number, number, number]): boolean {
  const found = numbersOf(version);
  const at = least.findIndex((number, index) => (found[index] ?? 0) !== number);
  return at >= 0 && (found[at] ?? 0) < (least[at] ?? 0);
}

function numbersOf(version: string): readonly number[] {
  return version.split('.').map((part) => Number.parseInt(part, 10) || 0);
}
